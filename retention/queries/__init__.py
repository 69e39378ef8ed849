"""What may be seen of rules, holds, disposals and exports: every question starts at the viewer."""

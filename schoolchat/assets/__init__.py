"""What a page loads: modules and stylesheets, joined, compressed and addressed by their content.

Developers write many small files and reload the page: nothing is built. A process joins, hashes and
compresses a file when it is first asked for, and keeps it. So what is tested is what is served.
"""

"""The Merkle tree of RFC 6962, and how the C2SP specifications write it down. Pure: no Django."""

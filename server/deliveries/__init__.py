"""Work that comes by file: the server's sealing keys, opening, judging, receipts, and a page for any browser."""

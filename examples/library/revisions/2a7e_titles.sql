-- revision: 2a7e
-- downRevision: 1f0c
-- message: find books by title
-- createDate: 2026-11-21T10:00:00Z

-- upgrade
CREATE INDEX ix_book_title ON book (title);

-- downgrade
DROP INDEX ix_book_title;

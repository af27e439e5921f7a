-- The tables of the course "SQL: asking tables questions".
-- Try them offline:  sqlite3 rain.db < rain.sql   and then   sqlite3 rain.db

CREATE TABLE station (
    id       INTEGER PRIMARY KEY,
    name     TEXT    NOT NULL,
    height_m INTEGER NOT NULL
);

CREATE TABLE rain (
    station_id INTEGER NOT NULL REFERENCES station (id),
    day        TEXT    NOT NULL,
    mm         REAL             -- NULL: the gauge was broken, nobody knows
);

INSERT INTO station (id, name, height_m) VALUES
    (1, 'Harbour',   4),
    (2, 'Mill',     85),
    (3, 'Ridge',   610),
    (4, 'Orchard', 140);

INSERT INTO rain (station_id, day, mm) VALUES
    (1, 'Mon',  3),
    (1, 'Tue',  0),
    (2, 'Mon',  7),
    (2, 'Tue', NULL),
    (3, 'Mon', 12),
    (3, 'Tue',  9);

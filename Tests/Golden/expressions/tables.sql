CREATE TABLE n(id INTEGER PRIMARY KEY, i INTEGER, j INTEGER, r REAL, s REAL, d NUMERIC);
INSERT INTO n VALUES(1,7,2,2.5,0.5,10),(2,-7,2,-2.5,1.5,2.5),(3,7,-2,0.1,0.2,-3),(4,0,5,1e15,3.0,0),(5,5,0,3.5,0.0,1.25),
(6,NULL,3,NULL,2.0,NULL),(7,9007199254740993,10,1234.5678,0.001,99.99),(8,1,1,1.0,1.0,1),(9,-1,NULL,-0.5,NULL,7),(10,255,16,0.00001234,4.0,0.1);
CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT, k INTEGER);
INSERT INTO t VALUES(1,'Apple','apple',1),(2,'apple','APPLE',2),(3,'Banana','an',-2),(4,'äpfel','ÄPFEL',3),(5,'','x',0),(6,NULL,'y',NULL),
(7,'12abc','12',12),(8,' 42 ','42',42),(9,'3.99','3.99',4),(10,'-7e2x','-700',-700),(11,'100%_done','100\%\_d%',5),(12,'a*b?[c]','a[*]b*',6),(13,'zebra','Z*',7),(14,'Zed','z%',8),(15,'10','9',10),(16,'it''s "q"','''',9),(17,'xxabcxx','x',3),(18,'日本語','本',2);
CREATE TABLE b(id INTEGER PRIMARY KEY, x BLOB, y BLOB);
INSERT INTO b VALUES(1,x'00FF10',x'00'),(2,x'',x'FF'),(3,NULL,x'41'),(4,x'48656C6C6F',x'6C6C'),(5,x'DEADBEEF',x'DEADBEEF');
CREATE TABLE e(id INTEGER PRIMARY KEY, d TEXT, u INTEGER, day TEXT);
INSERT INTO e VALUES(1,'2024-02-29 13:45:10',1709214310,'2024-01-31'),(2,'2023-12-31 23:59:59',0,'2023-03-31'),(3,'2000-01-01 00:00:00',946684800,'2024-02-29'),
(4,'1969-07-20 20:17:40',-14182940,'2021-12-30'),(5,NULL,NULL,NULL),(6,'2024-03-10T08:09:10.123Z',1710058150,'2024-12-31'),(7,'not a date',1,'2024-06-15'),(8,'2024-07-04 12:30',1720096200,'2025-01-01');
CREATE TABLE j(id INTEGER PRIMARY KEY, doc TEXT);
INSERT INTO j VALUES(1,'{"a":1,"b":"two","c":[1,2,{"d":null}],"t":true}'),(2,'{"a": 2.5, "b": null, "c": [], "t": false}'),(3,'{"b":"x y","nested":{"z":1,"a":2}}'),(4,NULL),(5,'{"a":"7","c":["p","q"]}');
CREATE TABLE u(id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, tag TEXT);
INSERT INTO u VALUES(1,'Bob','a'),(2,'bob','B'),(3,'ALICE','b'),(4,'alice ','A'),(5,'Ädam','c'),(6,'ädam','C'),(7,NULL,NULL);
CREATE TABLE m(id INTEGER PRIMARY KEY, f BOOLEAN, p DECIMAL(10,2), dt DATE, ts DATETIME, x INTEGER, tx TEXT, rt TEXT COLLATE RTRIM);
INSERT INTO m VALUES(1,1,1.5,'2024-01-02','2024-01-02 03:04:05',3,'3','x'),(2,0,2,'2023-12-31','2023-12-31 23:59:59',NULL,'003','x '),(3,NULL,NULL,NULL,NULL,7,NULL,NULL),(4,1,100.25,'2024-02-29','2024-02-29 00:00:00',0,'7.0',' x'),(5,0,7,'2000-06-15','2024-06-15 12:00:00',5,'abc',''),(6,1,0.1,'1999-01-31','2024-07-04 12:30:00.5',-2,'-2','  ');
CREATE TABLE sales(id INTEGER PRIMARY KEY, region TEXT, rep TEXT, amt INTEGER, price REAL, ts TEXT, paid INTEGER);
INSERT INTO sales VALUES(1,'North','Ann',5,9.99,'2024-01-05 10:00:00',1),(2,'south','bob',3,1.5,'2024-01-06 11:00:00',0),(3,'North','Cy',NULL,2.25,'2024-02-01 00:00:00',1),(4,'East','Ann',8,NULL,'2024-02-11 09:30:00',0),
(5,'South','Dee',2,4.0,'2024-03-01 23:59:59',1),(6,NULL,'Ann',1,100.125,NULL,0),(7,'East','bob',8,0.1,'2024-03-02 00:00:00',1),(8,'north','Eve',0,0.2,'2024-03-03 12:00:00',NULL),(9,'Ä','Zoë',4,3.3,'2024-04-01 01:00:00',1);

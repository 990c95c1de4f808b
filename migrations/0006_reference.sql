-- Reference data the program cannot run without; staff edit them later as dated data.

-- +goose Up
INSERT INTO filament_colors (key, name, name_en, hex, position) VALUES
	('kinari',    '生成り', 'Natural white', '#f1eadb', 1),
	('shiro',     '白',     'White',         '#fbfaf6', 2),
	('sumi',      '墨',     'Ink black',     '#2b2a28', 3),
	('kaki',      '柿',     'Persimmon',     '#d9622b', 4),
	('matsuba',   '松葉',   'Pine green',    '#3f6b4f', 5),
	('sora',      '空',     'Sky blue',      '#7fb3cf', 6),
	('ai',        '藍',     'Indigo',        '#274a78', 7),
	('sakura',    '桜',     'Cherry pink',   '#eeb6bd', 8),
	('nanohana',  '菜の花', 'Canola yellow', '#f0c93e', 9),
	('fuji',      '藤',     'Wisteria',      '#9a86bd', 10);

-- Domestic tariffs of Japan Post and Yamato as of 2024-10; pickup is at the workshop.
INSERT INTO shipping_tariffs (key, valid_from, name, name_en, price_yen, max_weight_g, max_width_mm, max_depth_mm, max_height_mm, extra_days, needs_address, position) VALUES
	('click-post',         '2024-10-01', 'クリックポスト',       'Click Post',            185, 1000, 340, 250, 30, 0, true,  1),
	('no-hurry',           '2024-10-01', '急がない便',           'No hurry',                0, 1000, 340, 250, 30, 7, true,  2),
	('letter-pack-light',  '2024-10-01', 'レターパックライト',   'Letter Pack Light',     430, 4000, 340, 248, 30, 0, true,  3),
	('letter-pack-plus',   '2024-10-01', 'レターパックプラス',   'Letter Pack Plus',      600, 4000, 340, 248, 80, 0, true,  4),
	('compact',            '2024-10-01', '宅急便コンパクト',     'TA-Q-BIN Compact',      730, 5000, 250, 200, 50, 0, true,  5),
	('pickup',             '2024-10-01', '工房で受け取り',       'Pick up at the workshop', 0, 30000, 1000, 1000, 1000, 0, false, 6);

-- +goose Down
DELETE FROM shipping_tariffs;
DELETE FROM filament_colors;

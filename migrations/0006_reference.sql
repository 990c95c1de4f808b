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

-- A first list of words; staff keep it. What means harm is refused, what may be meant well is marked for a person to read.
INSERT INTO text_words (id, word, list, reason, whole, note) VALUES
	(gen_random_uuid(), 'しね',     'deny', 'hurts_people', true, ''),
	(gen_random_uuid(), '死ね',     'deny', 'hurts_people', false, ''),
	(gen_random_uuid(), '殺す',     'deny', 'hurts_people', false, ''),
	(gen_random_uuid(), 'ころす',   'deny', 'hurts_people', true, ''),
	(gen_random_uuid(), 'ガイジ',   'deny', 'hurts_people', true, '障害のある人への侮辱'),
	(gen_random_uuid(), 'キチガイ', 'deny', 'hurts_people', false, '障害のある人への侮辱'),
	(gen_random_uuid(), 'fuck',     'deny', 'hurts_people', false, ''),
	(gen_random_uuid(), 'nigger',   'deny', 'hurts_people', false, ''),
	(gen_random_uuid(), 'hitler',   'deny', 'hurts_people', false, ''),
	(gen_random_uuid(), 'ばか',     'ask',  'hurts_people', true, 'ふざけているだけのこともあります'),
	(gen_random_uuid(), 'あほ',     'ask',  'hurts_people', true, 'ふざけているだけのこともあります'),
	(gen_random_uuid(), 'ぶす',     'ask',  'hurts_people', true, ''),
	(gen_random_uuid(), 'ポケモン', 'ask',  'rights_of_others', false, '商標'),
	(gen_random_uuid(), 'ピカチュウ', 'ask', 'rights_of_others', false, '商標'),
	(gen_random_uuid(), 'ドラえもん', 'ask', 'rights_of_others', false, '商標'),
	(gen_random_uuid(), 'アンパンマン', 'ask', 'rights_of_others', false, '商標'),
	(gen_random_uuid(), 'ディズニー', 'ask', 'rights_of_others', false, '商標'),
	(gen_random_uuid(), 'disney',   'ask',  'rights_of_others', false, '商標'),
	(gen_random_uuid(), 'hello kitty', 'ask', 'rights_of_others', false, '商標'),
	(gen_random_uuid(), 'nintendo', 'ask',  'rights_of_others', false, '商標');

-- Domestic tariffs of Japan Post and Yamato as of 2024-10; pickup is at the workshop.
INSERT INTO shipping_tariffs (key, valid_from, name, name_en, price_yen, max_weight_g, max_width_mm, max_depth_mm, max_height_mm, extra_days, needs_address, position) VALUES
	('click-post',         '2024-10-01', 'クリックポスト',       'Click Post',            185, 1000, 340, 250, 30, 0, true,  1),
	('no-hurry',           '2024-10-01', '急がない便',           'No hurry',                0, 1000, 340, 250, 30, 7, true,  2),
	('letter-pack-light',  '2024-10-01', 'レターパックライト',   'Letter Pack Light',     430, 4000, 340, 248, 30, 0, true,  3),
	('letter-pack-plus',   '2024-10-01', 'レターパックプラス',   'Letter Pack Plus',      600, 4000, 340, 248, 80, 0, true,  4),
	('compact',            '2024-10-01', '宅急便コンパクト',     'TA-Q-BIN Compact',      730, 5000, 250, 200, 50, 0, true,  5),
	('yu-pack-60',         '2024-10-01', 'ゆうパック(60サイズ)',  'Yu-Pack, size 60',     NULL, 25000, 270, 210, 120, 0, true,  6),
	('yu-pack-80',         '2024-10-01', 'ゆうパック(80サイズ)',  'Yu-Pack, size 80',     NULL, 25000, 350, 270, 180, 0, true,  7),
	('pickup',             '2024-10-01', '工房で受け取り',       'Pick up at the workshop', 0, 30000, 1000, 1000, 1000, 0, false, 8);

-- Zones of Yu-Pack as seen from Kanagawa. Islands cost what their prefecture costs.
INSERT INTO shipping_zones (zone, prefecture)
SELECT zone, unnest(prefectures)
FROM (VALUES
	('home',     ARRAY['神奈川県']),
	('near',     ARRAY['青森県', '岩手県', '宮城県', '秋田県', '山形県', '福島県', '茨城県', '栃木県', '群馬県', '埼玉県', '千葉県', '東京都', '山梨県',
	                   '新潟県', '長野県', '富山県', '石川県', '福井県', '岐阜県', '静岡県', '愛知県', '三重県']),
	('kinki',    ARRAY['滋賀県', '京都府', '大阪府', '兵庫県', '奈良県', '和歌山県']),
	('west',     ARRAY['鳥取県', '島根県', '岡山県', '広島県', '山口県', '徳島県', '香川県', '愛媛県', '高知県']),
	('far',      ARRAY['北海道', '福岡県', '佐賀県', '長崎県', '熊本県', '大分県', '宮崎県', '鹿児島県']),
	('okinawa',  ARRAY['沖縄県'])) AS listed (zone, prefectures);
INSERT INTO shipping_zone_prices (key, valid_from, zone, price_yen) VALUES
	('yu-pack-60', '2024-10-01', 'home',     820), ('yu-pack-80', '2024-10-01', 'home',    1130),
	('yu-pack-60', '2024-10-01', 'near',     880), ('yu-pack-80', '2024-10-01', 'near',    1200),
	('yu-pack-60', '2024-10-01', 'kinki',    990), ('yu-pack-80', '2024-10-01', 'kinki',   1310),
	('yu-pack-60', '2024-10-01', 'west',    1150), ('yu-pack-80', '2024-10-01', 'west',    1450),
	('yu-pack-60', '2024-10-01', 'far',     1410), ('yu-pack-80', '2024-10-01', 'far',     1710),
	('yu-pack-60', '2024-10-01', 'okinawa', 1450), ('yu-pack-80', '2024-10-01', 'okinawa', 1810);

INSERT INTO own_prices (key, valid_from, price_yen) VALUES ('wrapping', '2024-10-01', 220), ('write-off', '2024-10-01', 1000);

-- What the workshop decides itself is as it decided; the carriers' prices are from memory until a manager has compared them.
UPDATE shipping_tariffs SET confirmed_at = now() WHERE key IN ('no-hurry', 'pickup');
UPDATE own_prices SET confirmed_at = now();

-- 国民の祝日 and their substitutes as @holiday-jp/holiday_jp 2.5.1 has them, which follows the list of the Cabinet Office. The
-- equinoxes from 2028 are computed: the government announces each in the February before.
INSERT INTO closed_days (day, name, kind) VALUES
	('2026-01-01', '元日', 'holiday'), ('2026-01-12', '成人の日', 'holiday'), ('2026-02-11', '建国記念の日', 'holiday'),
	('2026-02-23', '天皇誕生日', 'holiday'), ('2026-03-20', '春分の日', 'holiday'), ('2026-04-29', '昭和の日', 'holiday'),
	('2026-05-03', '憲法記念日', 'holiday'), ('2026-05-04', 'みどりの日', 'holiday'), ('2026-05-05', 'こどもの日', 'holiday'),
	('2026-05-06', 'こどもの日 振替休日', 'holiday'), ('2026-07-20', '海の日', 'holiday'), ('2026-08-11', '山の日', 'holiday'),
	('2026-09-21', '敬老の日', 'holiday'), ('2026-09-22', '休日', 'holiday'), ('2026-09-23', '秋分の日', 'holiday'),
	('2026-10-12', 'スポーツの日', 'holiday'), ('2026-11-03', '文化の日', 'holiday'), ('2026-11-23', '勤労感謝の日', 'holiday'),
	('2027-01-01', '元日', 'holiday'), ('2027-01-11', '成人の日', 'holiday'), ('2027-02-11', '建国記念の日', 'holiday'),
	('2027-02-23', '天皇誕生日', 'holiday'), ('2027-03-21', '春分の日', 'holiday'), ('2027-03-22', '春分の日 振替休日', 'holiday'),
	('2027-04-29', '昭和の日', 'holiday'), ('2027-05-03', '憲法記念日', 'holiday'), ('2027-05-04', 'みどりの日', 'holiday'),
	('2027-05-05', 'こどもの日', 'holiday'), ('2027-07-19', '海の日', 'holiday'), ('2027-08-11', '山の日', 'holiday'),
	('2027-09-20', '敬老の日', 'holiday'), ('2027-09-23', '秋分の日', 'holiday'), ('2027-10-11', 'スポーツの日', 'holiday'),
	('2027-11-03', '文化の日', 'holiday'), ('2027-11-23', '勤労感謝の日', 'holiday'),
	('2028-01-01', '元日', 'holiday'), ('2028-01-10', '成人の日', 'holiday'), ('2028-02-11', '建国記念の日', 'holiday'),
	('2028-02-23', '天皇誕生日', 'holiday'), ('2028-03-20', '春分の日', 'holiday'), ('2028-04-29', '昭和の日', 'holiday'),
	('2028-05-03', '憲法記念日', 'holiday'), ('2028-05-04', 'みどりの日', 'holiday'), ('2028-05-05', 'こどもの日', 'holiday'),
	('2028-07-17', '海の日', 'holiday'), ('2028-08-11', '山の日', 'holiday'), ('2028-09-18', '敬老の日', 'holiday'),
	('2028-09-22', '秋分の日', 'holiday'), ('2028-10-09', 'スポーツの日', 'holiday'), ('2028-11-03', '文化の日', 'holiday'),
	('2028-11-23', '勤労感謝の日', 'holiday'),
	('2029-01-01', '元日', 'holiday'), ('2029-01-08', '成人の日', 'holiday'), ('2029-02-11', '建国記念の日', 'holiday'),
	('2029-02-12', '建国記念の日 振替休日', 'holiday'), ('2029-02-23', '天皇誕生日', 'holiday'), ('2029-03-20', '春分の日', 'holiday'),
	('2029-04-29', '昭和の日', 'holiday'), ('2029-04-30', '昭和の日 振替休日', 'holiday'), ('2029-05-03', '憲法記念日', 'holiday'),
	('2029-05-04', 'みどりの日', 'holiday'), ('2029-05-05', 'こどもの日', 'holiday'), ('2029-07-16', '海の日', 'holiday'),
	('2029-08-11', '山の日', 'holiday'), ('2029-09-17', '敬老の日', 'holiday'), ('2029-09-23', '秋分の日', 'holiday'),
	('2029-09-24', '秋分の日 振替休日', 'holiday'), ('2029-10-08', 'スポーツの日', 'holiday'), ('2029-11-03', '文化の日', 'holiday'),
	('2029-11-23', '勤労感謝の日', 'holiday'),
	('2030-01-01', '元日', 'holiday'), ('2030-01-14', '成人の日', 'holiday'), ('2030-02-11', '建国記念の日', 'holiday'),
	('2030-02-23', '天皇誕生日', 'holiday'), ('2030-03-20', '春分の日', 'holiday'), ('2030-04-29', '昭和の日', 'holiday'),
	('2030-05-03', '憲法記念日', 'holiday'), ('2030-05-04', 'みどりの日', 'holiday'), ('2030-05-05', 'こどもの日', 'holiday'),
	('2030-05-06', 'こどもの日 振替休日', 'holiday'), ('2030-07-15', '海の日', 'holiday'), ('2030-08-11', '山の日', 'holiday'),
	('2030-08-12', '山の日 振替休日', 'holiday'), ('2030-09-16', '敬老の日', 'holiday'), ('2030-09-23', '秋分の日', 'holiday'),
	('2030-10-14', 'スポーツの日', 'holiday'), ('2030-11-03', '文化の日', 'holiday'), ('2030-11-04', '文化の日 振替休日', 'holiday'),
	('2030-11-23', '勤労感謝の日', 'holiday'),
	('2026-12-29', '年末年始', 'workshop'), ('2026-12-30', '年末年始', 'workshop'), ('2026-12-31', '年末年始', 'workshop'), ('2027-01-02', '年末年始', 'workshop'), ('2027-01-03', '年末年始', 'workshop'),
	('2027-12-29', '年末年始', 'workshop'), ('2027-12-30', '年末年始', 'workshop'), ('2027-12-31', '年末年始', 'workshop'), ('2028-01-02', '年末年始', 'workshop'), ('2028-01-03', '年末年始', 'workshop');

-- +goose Down
DELETE FROM text_words;
DELETE FROM closed_days;
TRUNCATE own_prices, shipping_zone_prices, shipping_zones, shipping_tariffs;
DELETE FROM filament_colors;

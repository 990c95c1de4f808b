package tag

import "strings"

import "math/rand/v2"

var (
	words = []string{
		"たろう", "さくら工房", "Halloween 2026", "ありがとう", "上原亮介", "はると", "ゆい", "Mochi", "髙﨑", "𠮷野家", "渡邊", "BAG 07",
		"みんなの広場", "Anna & Ben", "犬", "No.1", "ようこそ", "営業中", "アトリエ・ソラ", "Happy",
	}
	alphabets = [][]rune{
		[]rune("あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんがぎぐげござじずぜぞぱぴぷぺぽゃゅょっー"),
		[]rune("アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグパピプ"),
		[]rune("山川田中村上下佐藤高橋鈴木渡邊伊東小林加吉斎齋藤松井清水福神祥隆晴鷹鬱驫龍薔薇憂麒麟"),
		[]rune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&.-!?@#%*+/ "),
	}
)

// randomText has 1 to longest characters of one or several scripts.
func randomText(r *rand.Rand, longest int) string {
	if r.IntN(4) == 0 {
		return words[r.IntN(len(words))]
	}
	letters := alphabets[r.IntN(len(alphabets))]
	var text strings.Builder
	for range 1 + r.IntN(longest) {
		if r.IntN(6) == 0 {
			letters = alphabets[r.IntN(len(alphabets))]
		}
		text.WriteString(string(letters[r.IntN(len(letters))]))
	}
	return text.String()
}

// randomSpec varies everything, mostly within what a shop would offer.
func randomSpec(r *rand.Rand, fonts []FontInfo, longest int) Spec {
	s := DefaultSpec(randomText(r, longest), fonts[r.IntN(len(fonts))].ID)
	s.Em = Micron(6000 + 500*r.IntN(29))
	s.Base = Micron(1000 + 200*r.IntN(11))
	s.Relief = Micron(400 + 200*r.IntN(8))
	s.Hole = []Micron{0, 3000, 4000, 5000}[r.IntN(4)]
	s.Margin = Micron(1500 + 500*r.IntN(6))
	if r.IntN(5) == 0 {
		s.Border = Micron(800 + 200*r.IntN(5))
	}
	if r.IntN(5) == 0 {
		s.SecondLine = randomText(r, longest)
	}
	if r.IntN(10) == 0 {
		s.Engrave, s.Relief = true, min(s.Relief, s.Base-minFloor)/200*200
	}
	return s
}

// shaped makes two thirds of the specs other products than a plain tag.
func shaped(r *rand.Rand, s Spec) Spec {
	if r.IntN(3) == 0 {
		return s
	}
	if r.IntN(2) == 0 {
		s.Icon = Icons()[r.IntN(len(Icons()))]
		s.IconEm = minIcon + Micron(500*r.IntN(30))
	}
	s.Shape = Shapes()[r.IntN(len(Shapes()))]
	if s.Shape == Letters {
		s.Text = randomText(r, 4)
	}
	if s.Shape != Plate {
		return s
	}
	s.Radius = Micron(1000 * r.IntN(15))
	switch r.IntN(8) {
	case 0, 1:
		s.Hole, s.Slot = 4000, Micron(6000+1000*r.IntN(14))
	case 2, 3:
		s.Hole, s.Screw = 0, Micron(3000+500*r.IntN(5))
	case 4:
		s.Spin, s.Base, s.Engrave = minSpin+Micron(1000*r.IntN(13)), spinThickness, false
	}
	return s
}

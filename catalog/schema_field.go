package catalog

import (
	"tsukuriba/catalog/tag"
	"tsukuriba/internal/yen"
)

// FieldKeys lists the keys of all fields, in the order they are mostly asked for.
func FieldKeys() []string {
	return []string{
		TextField, SecondLineField, FontField, ShapeField, SizeField, IconField, MountField, BaseColorField, TextColorField,
		ReliefField, HoleField, BorderField,
	}
}

// Indispensable reports whether a design cannot do without the field.
func Indispensable(key string) bool {
	switch key {
	case TextField, FontField, SizeField, BaseColorField, TextColorField:
		return true
	}
	return false
}

// StandardField is a field as a product begins to ask for it: with all there is to choose, at no price. A key that is
// unknown gives a field that no schema may have.
func StandardField(key string) Field {
	switch key {
	case TextField:
		return lineField(key, "文字", "Text", 1, 12, nil)
	case SecondLineField:
		return lineField(key, "二行目（なくても かまいません）", "Second line (optional)", 0, 16, nil)
	case FontField:
		return fontField()
	case SizeField:
		return sizeField("medium", Option{Key: "medium", Label: "中（文字 12 mm）", LabelEn: "Medium (12 mm letters)", Micron: 12_000})
	case BaseColorField:
		return colorField(key, "kinari")
	case TextColorField:
		return colorField(key, "sumi")
	case HoleField:
		return holeField(4000)
	case BorderField:
		return borderField(1200, 0, No)
	case ShapeField:
		return shapeField(PlainShape,
			Option{Key: PlainShape, Label: "四角", LabelEn: "Plate"}, Option{Key: string(tag.Round), Label: "まる", LabelEn: "Round"},
			Option{Key: string(tag.Bone), Label: "ほね", LabelEn: "Bone"}, Option{Key: string(tag.Letters), Label: "文字の形", LabelEn: "Letters"})
	case IconField:
		return iconField(NoIcon, 0, 0, tag.Icons()...)
	case ReliefField:
		return reliefField(1000, 800)
	case MountField:
		return mountField(4000)
	}
	return Field{Key: key}
}

func lineField(key, label, labelEn string, shortest, longest int, price *PriceRule) Field {
	return Field{
		Key: key, Type: TextType, Label: label, LabelEn: labelEn, Required: shortest > 0,
		MinGraphemes: shortest, MaxGraphemes: longest, Price: price,
	}
}

func fontField() Field {
	return Field{
		Key: FontField, Type: FontType, Label: "書体", LabelEn: "Lettering", Default: string(tag.MPlusRoundedExtraBold),
		Options: []Option{
			{Key: string(tag.MPlusRoundedExtraBold), Label: "まるゴシック（極太）", LabelEn: "Rounded, extra bold"},
			{Key: string(tag.MPlusRoundedBold), Label: "まるゴシック（太）", LabelEn: "Rounded, bold"},
			{Key: string(tag.NotoSansJPBold), Label: "角ゴシック（太）", LabelEn: "Sans serif, bold"},
		},
	}
}

func sizeField(standard string, sizes ...Option) Field {
	return Field{Key: SizeField, Type: ChoiceType, Label: "大きさ", LabelEn: "Size", Default: standard, Options: sizes}
}

func colorField(key, standard string) Field {
	field := Field{Key: key, Type: ColorType, Label: "台の色", LabelEn: "Plate color", Default: standard}
	if key == TextColorField {
		field.Label, field.LabelEn = "文字の色", "Letter color"
	}
	return field
}

func holeField(diameter tag.Micron) Field {
	return Field{
		Key: HoleField, Type: FlagType, Label: "ひもを通す穴", LabelEn: "Hole for a string", Default: Yes,
		Options: []Option{{Key: Yes, Label: "あり", LabelEn: "Yes", Micron: diameter}, {Key: No, Label: "なし", LabelEn: "No"}},
	}
}

func borderField(width tag.Micron, price yen.Amount, standard string) Field {
	return Field{
		Key: BorderField, Type: FlagType, Label: "ふちどり", LabelEn: "Raised rim", Default: standard,
		Options: []Option{{Key: Yes, Label: "あり", LabelEn: "Yes", Micron: width, Yen: price}, {Key: No, Label: "なし", LabelEn: "No"}},
	}
}

// iconLabels are the names of the icons.
var iconLabels = map[tag.IconID][2]string{
	tag.Paw: {"あしあと", "Paw"}, tag.Heart: {"ハート", "Heart"}, tag.Star: {"ほし", "Star"}, tag.Car: {"くるま", "Car"},
	tag.Train: {"でんしゃ", "Train"}, tag.Flower: {"はな", "Flower"}, tag.Music: {"おんぷ", "Music"}, tag.OpenBook: {"本", "Book"},
	tag.Ball: {"ボール", "Ball"}, tag.Leaf: {"はっぱ", "Leaf"}, tag.Moon: {"つき", "Moon"}, tag.Sun: {"たいよう", "Sun"},
}

// iconField offers icons of a size at a price; without one costs nothing.
func iconField(standard string, size tag.Micron, price yen.Amount, icons ...tag.IconID) Field {
	field := Field{
		Key: IconField, Type: ChoiceType, Label: "絵", LabelEn: "Icon", Default: standard,
		Options: []Option{{Key: NoIcon, Label: "なし", LabelEn: "None"}},
	}
	for _, icon := range icons {
		field.Options = append(field.Options, Option{
			Key: string(icon), Label: iconLabels[icon][0], LabelEn: iconLabels[icon][1], Micron: size, Yen: price,
		})
	}
	return field
}

func shapeField(standard string, shapes ...Option) Field {
	return Field{Key: ShapeField, Type: ChoiceType, Label: "形", LabelEn: "Shape", Default: standard, Options: shapes}
}

func reliefField(high, deep tag.Micron) Field {
	return Field{
		Key: ReliefField, Type: ChoiceType, Label: "彫りかた", LabelEn: "Relief", Default: Raised,
		Options: []Option{
			{Key: Raised, Label: "浮き彫り", LabelEn: "Raised", Micron: high}, {Key: Engraved, Label: "沈み彫り", LabelEn: "Sunk", Micron: deep},
		},
	}
}

func mountField(screw tag.Micron) Field {
	return Field{
		Key: MountField, Type: ChoiceType, Label: "とめかた", LabelEn: "Mounting", Default: "tape",
		Options: []Option{
			{Key: "tape", Label: "両面テープ（穴なし）", LabelEn: "Tape (no holes)"},
			{Key: "screws", Label: "ねじ（左右に穴）", LabelEn: "Screws (two holes)", Micron: screw},
		},
	}
}

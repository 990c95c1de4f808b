package tablet

import (
	"errors"
	"strings"
	"unicode"

	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

// next says what comes after an operation: つぎ.
var next = map[fulfilment.OperationKey]fulfilment.Ruby{
	fulfilment.OpPrepare: "プレートに ならべます",
	fulfilment.OpArrange: "データを つくります",
	fulfilment.OpSlice:   "｜職員《しょくいん》が ｜見《み》ます",
	fulfilment.OpSetUp:   "プリントを はじめます",
	fulfilment.OpStart:   "プリンターが うごきます",
	fulfilment.OpSwap:    "プリンターが つづけます",
	fulfilment.OpRemove:  "ひとつずつ わけます",
	fulfilment.OpSort:    "ふちを なめらかに します",
	fulfilment.OpFinish:  "ほかの ｜人《ひと》が たしかめます",
	fulfilment.OpInspect: "ふくろに ｜入《い》れます",
	fulfilment.OpPack:    "｜職員《しょくいん》が ｜送《おく》ります",
}

// doneWords is what the button says when the operation is done.
func doneWords(operation fulfilment.OperationKey) string {
	switch operation {
	case fulfilment.OpStart:
		return "はじめました"
	case fulfilment.OpSwap:
		return "かえました"
	default:
		return "できた"
	}
}

// sentences tell kindly why something cannot be now.
var sentences = []struct {
	err      error
	sentence string
}{
	{fulfilment.ErrOfferNotFound, "この しごとは もう ありません。ほかの しごとを みて みましょう。"},
	{fulfilment.ErrNotYourTask, "この しごとは ほかの 人が しています。"},
	{fulfilment.ErrTaskNotFound, "この しごとは もう ありません。"},
	{fulfilment.ErrTaskState, "この しごとは さきに すすんで います。"},
	{fulfilment.ErrBusy, "いま している しごとが あります。さきに そちらを どうぞ。"},
	{fulfilment.ErrMemberHasWork, "いま している しごとが あります。さきに そちらを どうぞ。"},
	{fulfilment.ErrCannotUndo, "ここからは もどせません。しょくいんに きいて ください。"},
	{fulfilment.ErrOwnWork, "じぶんで しあげた ものは、ほかの 人が たしかめます。"},
	{fulfilment.ErrWrongCode, "きごうが ちがうようです。もういちど みて みましょう。"},
	{fulfilment.ErrPieces, "まだ えらんで いない ものが あります。"},
	{fulfilment.ErrReworkedTwice, "これは、あたらしく つくりなおします。「つくりなおす」を えらんで ください。"},
	{fulfilment.ErrNotSliced, "さきに「スライスする」を おして ください。"},
	{fulfilment.ErrOutcome, "みえた とおりの えを えらんで ください。"},
	{fulfilment.ErrPrinterNotFound, "プリンターを えらんで ください。"},
	{fulfilment.ErrSpoolNotFound, "糸を えらんで ください。"},
	{fulfilment.ErrBedNotClear, "台の 上に まだ なにか あるようです。しょくいんに きいて ください。"},
	{fulfilment.ErrPrinterTaken, "この プリンターは いま つかって います。ほかの プリンターを どうぞ。"},
	{fulfilment.ErrWrongProfile, "この プリンターでは つくれません。ほかの プリンターを どうぞ。"},
	{fulfilment.ErrWrongColor, "糸の いろが ちがうようです。もういちど えらんで ください。"},
	{fulfilment.ErrUnknownMood, "えを ひとつ えらんで ください。"},
	{fulfilment.ErrTooManyTries, "すこし やすんでから、もういちど どうぞ。しょくいんに きいても いいです。"},
	{fulfilment.ErrWrongPIN, "すうじが ちがうようです。もういちど どうぞ。"},
	{fulfilment.ErrEnrollmentCode, "コードが ちがうか、もう つかわれて います。あたらしい コードを つくって ください。"},
	{fulfilment.ErrMemberAbsent, "きょうの うけつけが まだのようです。しょくいんに こえを かけて ください。"},
}

// kindSentence tells what stands against something, without judging anybody.
func kindSentence(err error) string {
	for _, known := range sentences {
		if errors.Is(err, known.err) {
			return known.sentence
		}
	}
	return "いまは すすめません。しょくいんに こえを かけて ください。"
}

// voice shows texts with as many readings as a member wants.
type voice struct{ furigana string }

func voiceOf(member fulfilment.Member) voice { return voice{member.Presentation.Furigana} }

func (v voice) runs(text fulfilment.Ruby) []ui.RubyRun {
	if v.furigana == "none" {
		return []ui.RubyRun{{Base: text.Plain()}}
	}
	runs := ui.ParseRuby(string(text))
	if v.furigana == "difficult" {
		for i := range runs {
			if easy(runs[i].Base) {
				runs[i].Reading = ""
			}
		}
	}
	return runs
}

func (v voice) all(texts []fulfilment.Ruby) [][]ui.RubyRun {
	shown := make([][]ui.RubyRun, len(texts))
	for i, text := range texts {
		shown[i] = v.runs(text)
	}
	return shown
}

// easyKanji are those of the first two school years (学年別漢字配当表, 2020).
const easyKanji = "一右雨円王音下火花貝学気九休玉金空月犬見五口校左三山子四糸字耳七車手十出女小上森人水正生青夕石赤千川先早草足村大男竹中虫町天田土二日入年白八百文木本名目立力林六" +
	"引羽雲園遠何科夏家歌画回会海絵外角楽活間丸岩顔汽記帰弓牛魚京強教近兄形計元言原戸古午後語工公広交光考行高黄合谷国黒今才細作算止市矢姉思紙寺自時室社弱首秋週春書少場色食心新親図数西声星晴切雪船線前組走多太体台地池知茶昼長鳥朝直通弟店点電刀冬当東答頭同道読内南肉馬売買麦半番父風分聞米歩母方北毎妹万明鳴毛門夜野友用曜来里理話"

// easy reports whether every kanji of a text is learned in the first two years.
func easy(text string) bool {
	for _, r := range text {
		if unicode.Is(unicode.Han, r) && !strings.ContainsRune(easyKanji, r) {
			return false
		}
	}
	return true
}

// spoken is what よむ says of an instruction.
func spoken(instruction fulfilment.Instruction) string {
	said := []string{instruction.What.Spoken(), instruction.HowMuch.Spoken(), instruction.FinishedWhen.Spoken()}
	for _, step := range instruction.Steps {
		said = append(said, step.Spoken())
	}
	return strings.Join(said, "。")
}

package fulfilment_test

import (
	"testing"

	"tsukuriba/fulfilment"
)

func TestCalled(t *testing.T) {
	t.Parallel()
	for nickname, want := range map[string]string{
		"あおい": "あおいさん", "さっちゃん": "さっちゃん", "ケンさん": "ケンさん", "りくくん": "りくくん", "山田君": "山田君", "さん": "さん",
	} {
		if got := (fulfilment.Member{Nickname: nickname}).Called(); got != want {
			t.Errorf("%s is called %s, want %s", nickname, got, want)
		}
	}
}

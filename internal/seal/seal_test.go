package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"tsukuriba/internal/seal"
)

func box(t testing.TB, secrets ...byte) *seal.Box {
	t.Helper()
	var all [][]byte
	for _, secret := range secrets {
		all = append(all, bytes.Repeat([]byte{secret}, seal.MinSecret))
	}
	box, err := seal.New(all[0], all[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestSeal(t *testing.T) {
	t.Parallel()
	t.Run("what was sealed opens to the same bytes", func(t *testing.T) {
		t.Parallel()
		b := box(t, 1)
		rapid.Check(t, func(t *rapid.T) {
			plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
			context := rapid.String().Draw(t, "context")
			opened, err := b.Open(context, b.Seal(context, plain))
			if err != nil || !bytes.Equal(opened, plain) {
				t.Fatalf("opened %q, %v", opened, err)
			}
		})
	})
	t.Run("the same plain text is never sealed the same way twice", func(t *testing.T) {
		t.Parallel()
		b := box(t, 1)
		if bytes.Equal(b.Seal("c", []byte("神田")), b.Seal("c", []byte("神田"))) {
			t.Error("two seals are equal")
		}
	})
	t.Run("any altered byte is noticed", func(t *testing.T) {
		t.Parallel()
		b := box(t, 1)
		sealed := b.Seal("c", []byte("札幌市"))
		for i := range sealed {
			altered := bytes.Clone(sealed)
			altered[i] ^= 1
			if _, err := b.Open("c", altered); !errors.Is(err, seal.ErrUnreadable) {
				t.Fatalf("byte %d altered: %v", i, err)
			}
		}
	})
	t.Run("it does not open elsewhere", func(t *testing.T) {
		t.Parallel()
		b := box(t, 1)
		if _, err := b.Open("order:2", b.Seal("order:1", []byte("x"))); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("err = %v", err)
		}
	})
	t.Run("cut short it is refused", func(t *testing.T) {
		t.Parallel()
		b := box(t, 1)
		sealed := b.Seal("c", []byte("x"))
		for size := range sealed {
			if _, err := b.Open("c", sealed[:size]); !errors.Is(err, seal.ErrUnreadable) {
				t.Fatalf("%d bytes: %v", size, err)
			}
		}
	})
}

func TestRotation(t *testing.T) {
	t.Parallel()
	before, after := box(t, 1), box(t, 2, 1)
	t.Run("a retired secret still opens", func(t *testing.T) {
		t.Parallel()
		if opened, err := after.Open("c", before.Seal("c", []byte("x"))); err != nil || string(opened) != "x" {
			t.Errorf("opened %q, %v", opened, err)
		}
	})
	t.Run("the new secret does the sealing", func(t *testing.T) {
		t.Parallel()
		if _, err := before.Open("c", after.Seal("c", []byte("x"))); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("err = %v", err)
		}
	})
	t.Run("a value stored before is found among the blind indexes", func(t *testing.T) {
		t.Parallel()
		indexes := after.Blinds("e-mail", "a@example.jp")
		if len(indexes) != 2 || !bytes.Equal(indexes[1], before.Blind("e-mail", "a@example.jp")) {
			t.Errorf("indexes = %x", indexes)
		}
	})
}

func TestBlind(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	one := b.Blind("e-mail", "a@example.jp")
	for name, other := range map[string][]byte{
		"another value":             b.Blind("e-mail", "b@example.jp"),
		"another context":           b.Blind("phone", "a@example.jp"),
		"another secret":            box(t, 2).Blind("e-mail", "a@example.jp"),
		"context and value shifted": b.Blind("e-mail:", "a@example.jp"),
	} {
		if bytes.Equal(one, other) {
			t.Errorf("%s has the same index", name)
		}
	}
	if !bytes.Equal(one, b.Blind("e-mail", "a@example.jp")) {
		t.Error("the same value has two indexes")
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	if _, err := seal.New(make([]byte, seal.MinSecret-1)); !errors.Is(err, seal.ErrShortSecret) {
		t.Errorf("short secret: %v", err)
	}
	if _, err := seal.New(make([]byte, seal.MinSecret), nil); !errors.Is(err, seal.ErrShortSecret) {
		t.Errorf("empty retired secret: %v", err)
	}
}

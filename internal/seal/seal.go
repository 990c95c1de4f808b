// Package seal keeps what the database must not be able to read by itself: addresses, mails,
// notes about people. It encrypts with keys that live outside the database and makes blind
// indexes, by which an exact value can be looked up without being stored.
//
// It refuses short secrets and anything sealed for another place: a sealed address copied into
// another order's row does not open.
package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
)

// MinSecret is the least length of a secret in bytes.
const MinSecret = 32

// keyIDSize is how many bytes of a sealed value name the key that opens it.
const keyIDSize = 4

var (
	// ErrShortSecret is returned for a secret of fewer than MinSecret bytes.
	ErrShortSecret = errors.New("the sealing secret needs at least 32 bytes")
	// ErrUnreadable is returned for what was altered, sealed for another context, or sealed with
	// a secret that is not known here.
	ErrUnreadable = errors.New("the sealed value cannot be opened")
)

// Box seals with its active secret and opens what any of its secrets sealed. It may be used by
// many goroutines at once.
type Box struct {
	keys []key
}

type key struct {
	id    []byte
	aead  cipher.AEAD
	index []byte
}

// New makes a box from secrets of MinSecret random bytes or more: the active one, and those it
// has replaced, newest first, for as long as something sealed with them is kept.
func New(active []byte, retired ...[]byte) (*Box, error) {
	box := &Box{}
	for _, secret := range append([][]byte{active}, retired...) {
		key, err := newKey(secret)
		if err != nil {
			return nil, err
		}
		box.keys = append(box.keys, key)
	}
	return box, nil
}

func newKey(secret []byte) (key, error) {
	if len(secret) < MinSecret {
		return key{}, ErrShortSecret
	}
	derive := func(purpose string, size int) []byte {
		derived, err := hkdf.Key(sha256.New, secret, nil, "tsukuriba/seal/"+purpose, size)
		if err != nil {
			panic(err) // only for sizes beyond HKDF's limit
		}
		return derived
	}
	block, err := aes.NewCipher(derive("aes-256-gcm", 32))
	if err != nil {
		return key{}, fmt.Errorf("make cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return key{}, fmt.Errorf("make cipher: %w", err)
	}
	return key{id: derive("key-id", keyIDSize), aead: aead, index: derive("blind-index", 32)}, nil
}

// Seal encrypts plain with AES-256-GCM. The context names the place it is for, such as
// "orders.contact:ord_…", and is asked for again when opening. The form is key id (4 bytes),
// nonce (12), ciphertext and tag (16): 32 bytes more than plain.
func (b *Box) Seal(context string, plain []byte) []byte {
	active := b.keys[0]
	return active.aead.Seal(bytes.Clone(active.id), nil, plain, []byte(context))
}

// Open decrypts what Seal made for the same context. The error wraps ErrUnreadable.
func (b *Box) Open(context string, sealed []byte) ([]byte, error) {
	for _, key := range b.keys {
		body, ours := bytes.CutPrefix(sealed, key.id)
		if !ours {
			continue
		}
		plain, err := key.aead.Open(nil, nil, body, []byte(context))
		if err != nil {
			return nil, fmt.Errorf("%w: %s", ErrUnreadable, context)
		}
		return plain, nil
	}
	return nil, fmt.Errorf("%w: no such key: %s", ErrUnreadable, context)
}

// Blind returns the 32 byte index under which an exact value is stored, HMAC-SHA-256 with a key
// of its own. Values are compared byte for byte: fold them before.
func (b *Box) Blind(context, value string) []byte { return b.keys[0].blind(context, value) }

// Blinds returns the indexes under which a value may have been stored with any of the secrets,
// the active one first.
func (b *Box) Blinds(context, value string) [][]byte {
	indexes := make([][]byte, len(b.keys))
	for i, key := range b.keys {
		indexes[i] = key.blind(context, value)
	}
	return indexes
}

func (k key) blind(context, value string) []byte {
	mac := hmac.New(sha256.New, k.index)
	fmt.Fprintf(mac, "%d:%s:%s", len(context), context, value)
	return mac.Sum(nil)
}

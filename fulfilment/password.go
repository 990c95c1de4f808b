package fulfilment

import (
	"fmt"
	"sync"

	"github.com/alexedwards/argon2id"
)

// hashing holds argon2id to OWASP's smallest setting of 19 MiB; more at once than there are
// slots would fill the memory of a small machine.
var (
	hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	slots   = make(chan struct{}, 4)
)

func hashSecret(secret string) (string, error) {
	slots <- struct{}{}
	defer func() { <-slots }()
	hash, err := argon2id.CreateHash(secret, hashing)
	if err != nil {
		return "", fmt.Errorf("hash a secret: %w", err)
	}
	return hash, nil
}

// secretMatches takes the same time whether or not there is a hash to compare with, so that
// nobody learns who exists.
func secretMatches(secret, hash string) bool {
	known := hash != ""
	if !known {
		hash = nobodysHash()
	}
	slots <- struct{}{}
	defer func() { <-slots }()
	match, err := argon2id.ComparePasswordAndHash(secret, hash)
	return known && err == nil && match
}

var nobodysHash = sync.OnceValue(func() string {
	hash, err := hashSecret("nobody")
	if err != nil {
		panic(fmt.Sprintf("fulfilment: no randomness: %v", err))
	}
	return hash
})

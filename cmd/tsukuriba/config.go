package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"tsukuriba/internal/seal"
)

// Config is every option of the program, read from the environment once. `dev` fills in what a
// development machine needs; in production all without a default are required.
type Config struct {
	DatabaseURL    string        `env:"DATABASE_URL"`                                  // postgres://…, with sslmode
	Listen         string        `env:"LISTEN" envDefault:"127.0.0.1:8080"`            // address of the shop
	PublicURL      string        `env:"PUBLIC_URL" envDefault:"http://localhost:8080"` // how browsers reach it
	Blobs          string        `env:"BLOBS" envDefault:".local/blobs"`               // folder, or file:// URL
	SealKey        string        `env:"SEAL_KEY,unset"`                                // base64 of 32 bytes; seals addresses and welfare data
	RetiredKeys    []string      `env:"SEAL_KEYS_RETIRED,unset"`                       // earlier ones, still needed to open
	StripeKey      string        `env:"STRIPE_SECRET_KEY,unset"`                       // sk_test_… or sk_live_…
	StripeURL      string        `env:"STRIPE_API_URL"`                                // the stand-in's; empty is Stripe itself
	StripeSecrets  []string      `env:"STRIPE_WEBHOOK_SECRETS,unset"`                  // one, or two while changing
	SMTP           string        `env:"SMTP_URL"`                                      // smtp://user:password@host:587
	MailFrom       string        `env:"MAIL_FROM" envDefault:"つくり場 <shop@localhost>"`  // sender of the shop's mails
	MailReplyTo    string        `env:"MAIL_REPLY_TO"`                                 // where answers to them go, if not to the sender
	Slicer         string        `env:"PRUSA_SLICER"`                                  // path; empty: look for it
	PostgresFolder string        `env:"PG_BINDIR"`                                     // where initdb is, for dev
	ProxyTrusted   bool          `env:"TRUST_PROXY"`                                   // X-Forwarded-For comes from our own proxy
	ClockAhead     time.Duration `env:"CLOCK_AHEAD"`                                   // lives later than the machine, to rehearse; never with live keys
	PictureWidth   int           `env:"PICTURE_WIDTH" envDefault:"1200"`               // pixels of the pictures that are drawn of products
	VirtualSpeed   float64       `env:"VIRTUAL_PRINTER_SPEED" envDefault:"60"`         // seconds of print a second, for the demo
}

func readConfig() (Config, error) {
	var config Config
	if err := env.Parse(&config); err != nil {
		return Config{}, fmt.Errorf("read options: %w", err)
	}
	if config.ClockAhead != 0 && config.stripeIsLive() {
		return Config{}, errors.New("CLOCK_AHEAD is set: with a live key of Stripe the clock must be right")
	}
	return config, nil
}

// now is the time of the shop.
func (c Config) now() time.Time { return time.Now().Add(c.ClockAhead) }

// sealBox opens and seals with the configured keys.
func (c Config) sealBox() (*seal.Box, error) {
	active, err := decodeKey(c.SealKey)
	if err != nil {
		return nil, fmt.Errorf("SEAL_KEY: %w", err)
	}
	var retired [][]byte
	for _, text := range c.RetiredKeys {
		key, err := decodeKey(text)
		if err != nil {
			return nil, fmt.Errorf("SEAL_KEYS_RETIRED: %w", err)
		}
		retired = append(retired, key)
	}
	return seal.New(active, retired...)
}

func decodeKey(text string) ([]byte, error) {
	if text == "" {
		return nil, errors.New("is missing: make one with `head -c 32 /dev/urandom | base64`")
	}
	return base64.StdEncoding.DecodeString(text)
}

// keptSecret reads a secret from a file of the development folder, making it on first use.
func keptSecret(dir, name string) (string, error) {
	path := filepath.Join(dir, name)
	if kept, err := os.ReadFile(path); err == nil {
		return strings.TrimSpace(string(kept)), nil
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails (crypto/rand)
	text := base64.StdEncoding.EncodeToString(random)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return "", fmt.Errorf("keep %s: %w", name, err)
	}
	return text, nil
}

func (c Config) stripeIsLive() bool { return strings.HasPrefix(c.StripeKey, "sk_live_") }

func (c Config) servesHTTPS() bool { return strings.HasPrefix(c.PublicURL, "https://") }

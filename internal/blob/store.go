// Package blob keeps files such as photos, models and documents under the hash of their content.
// What a key names therefore never changes, and the same content is kept once.
//
// It has no way to list or to overwrite, and it knows nobody's permissions. Where the files lie
// is said by a URL: a folder is built in; a program that imports gocloud.dev/blob/s3blob can
// name a bucket instead.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

var (
	// ErrNotFound is returned for a key under which nothing lies.
	ErrNotFound = errors.New("there is no such file")
	// ErrDamaged is returned for content that is no longer what was put in.
	ErrDamaged = errors.New("the stored file is damaged")
)

// Store is a place for files. It may be used by many at once.
type Store struct{ bucket *blob.Bucket }

// Open opens the store at a folder, which is made when missing, or at a URL such as file:///srv/blobs.
func Open(ctx context.Context, place string) (*Store, error) {
	var bucket *blob.Bucket
	var err error
	if folder, isFolder := folder(place); isFolder {
		// Temporary files lie beside the final ones: a rename is atomic on one file system only.
		bucket, err = fileblob.OpenBucket(folder, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true})
	} else {
		bucket, err = blob.OpenBucket(ctx, place)
	}
	if err != nil {
		return nil, fmt.Errorf("open file store %s: %w", place, err)
	}
	return &Store{bucket: bucket}, nil
}

func folder(place string) (path string, ok bool) {
	if path, isFile := strings.CutPrefix(place, "file://"); isFile {
		return filepath.FromSlash(path), true
	}
	return place, !strings.Contains(place, "://")
}

// Close lets go of the store.
func (s *Store) Close() error { return s.bucket.Close() }

// Put stores content and returns its key, `sha256/ab/abcdef…`. Content that is there already is
// left as it is, with the content type of the first time. After an error, which wraps the
// operating system's (syscall.ENOSPC for a full disk), nothing lies under the key.
func (s *Store) Put(ctx context.Context, content []byte, contentType string) (key string, err error) {
	key = keyOf(content)
	// An equal size is proof enough: only a crash of the machine can have cut a file short.
	if there, err := s.bucket.Attributes(ctx, key); err == nil && there.Size == int64(len(content)) {
		return key, nil
	}
	if err := s.bucket.WriteAll(ctx, key, content, &blob.WriterOptions{ContentType: contentType}); err != nil {
		return "", fmt.Errorf("store file: %w", err)
	}
	return key, nil
}

// Get returns the content under key, or ErrNotFound, or ErrDamaged.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	if !validKey.MatchString(key) {
		return nil, fmt.Errorf("%w: %q", ErrNotFound, key)
	}
	content, err := s.bucket.ReadAll(ctx, key)
	if err != nil {
		return nil, reading(key, err)
	}
	if keyOf(content) != key {
		return nil, fmt.Errorf("%w: %s", ErrDamaged, key)
	}
	return content, nil
}

// File is stored content, open for reading.
type File struct {
	io.ReadSeekCloser
	ContentType string
	Size        int64 // bytes
	Stored      time.Time
}

// Open returns the file under key for streaming, or ErrNotFound. It does not look for damage.
func (s *Store) Open(ctx context.Context, key string) (*File, error) {
	if !validKey.MatchString(key) {
		return nil, fmt.Errorf("%w: %q", ErrNotFound, key)
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	if err != nil {
		return nil, reading(key, err)
	}
	return &File{ReadSeekCloser: r, ContentType: r.ContentType(), Size: r.Size(), Stored: r.ModTime()}, nil
}

// Exists says whether something lies under key.
func (s *Store) Exists(ctx context.Context, key string) (bool, error) {
	if !validKey.MatchString(key) {
		return false, nil
	}
	return s.bucket.Exists(ctx, key)
}

var validKey = regexp.MustCompile(`^sha256/[0-9a-f]{2}/[0-9a-f]{64}$`)

func keyOf(content []byte) string {
	sum := sha256.Sum256(content)
	name := hex.EncodeToString(sum[:])
	return "sha256/" + name[:2] + "/" + name
}

func reading(key string, err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	return fmt.Errorf("read file %s: %w", key, err)
}

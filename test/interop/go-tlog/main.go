// Checks a Sluice log with Go's own transparency-log packages: every checkpoint's signature and root, and, with a third
// argument, a .tlog-proof. Usage: go run . STATE_DIR VERIFIER_KEY_FILE [PROOF_FILE]
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	key, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		return err
	}
	plans, err := filepath.Glob(filepath.Join(args[0], "plan", "*"))
	if err != nil {
		return err
	}
	sort.Strings(plans)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = hashes[index]
		}
		return found, nil
	})
	var size int64
	for _, path := range plans {
		plan, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, line := range strings.Split(strings.TrimSuffix(string(plan), "\n"), "\n") {
			stored, err := tlog.StoredHashes(size, []byte(line), reader)
			if err != nil {
				return err
			}
			hashes = append(hashes, stored...)
			size++
		}
		root, err := tlog.TreeHash(size, reader)
		if err != nil {
			return err
		}
		checkpoint, err := os.ReadFile(filepath.Join(args[0], "cp", filepath.Base(path)))
		if err != nil {
			return err
		}
		tree, err := open(string(checkpoint), verifier)
		if err != nil {
			return fmt.Errorf("cp/%s: %w", filepath.Base(path), err)
		}
		if tree.N != size || tree.Hash != root {
			return fmt.Errorf("cp/%s: another tree", filepath.Base(path))
		}
	}
	if len(args) > 2 {
		if err := checkProof(args[2], verifier); err != nil {
			return err
		}
	}
	fmt.Printf("%d leaves in %d seals\n", size, len(plans))
	return nil
}

func open(checkpoint string, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func checkProof(path string, verifier note.Verifier) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, checkpoint, _ := strings.Cut(string(text), "\n\n")
	tree, err := open(checkpoint, verifier)
	if err != nil {
		return err
	}
	lines := strings.Split(head, "\n")
	leaf, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf))
}

#!/usr/bin/env bash
# Copies the fonts that names are made of, with their licenses, from npm packages to where they are embedded.
set -euo pipefail
cd "$(dirname "$0")/.."
to=catalog/tag/fonts
mplus=node_modules/@expo-google-fonts/m-plus-rounded-1c
noto=node_modules/@embedpdf/fonts-jp
cp "$mplus/700Bold/MPLUSRounded1c_700Bold.ttf" "$mplus/800ExtraBold/MPLUSRounded1c_800ExtraBold.ttf" "$to/"
cp "$noto/fonts/NotoSansJP-Bold.otf" "$to/"
cp "$mplus/LICENSE_FONT" "$to/OFL-MPLUSRounded1c.txt"
cp "$noto/LICENSE" "$to/OFL-NotoSansJP.txt"

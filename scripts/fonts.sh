#!/usr/bin/env bash
# Copies fonts, with their licenses, from npm packages to where they are embedded: those that names are made of, and
# those that documents are set in.
set -euo pipefail
cd "$(dirname "$0")/.."
to=catalog/tag/fonts
mplus=node_modules/@expo-google-fonts/m-plus-rounded-1c
noto=node_modules/@embedpdf/fonts-jp
cp "$mplus/700Bold/MPLUSRounded1c_700Bold.ttf" "$mplus/800ExtraBold/MPLUSRounded1c_800ExtraBold.ttf" "$to/"
cp "$noto/fonts/NotoSansJP-Bold.otf" "$to/"
cp "$mplus/LICENSE_FONT" "$to/OFL-MPLUSRounded1c.txt"
cp "$noto/LICENSE" "$to/OFL-NotoSansJP.txt"

to=orders/pdf/fonts
noto=node_modules/@expo-google-fonts/noto-sans-jp
cp "$noto/400Regular/NotoSansJP_400Regular.ttf" "$noto/700Bold/NotoSansJP_700Bold.ttf" "$to/"
cp "$noto/LICENSE_FONT" "$to/OFL-NotoSansJP.txt"

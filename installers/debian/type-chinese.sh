#!/bin/sh
# Presses n-i-h-a-o and space in the program's search field while an input method runs; prints what
# arrived there. Usage: type-chinese.sh WORKSPACE ibus | fcitx5 [ADDONS-TO-LEAVE-OUT]
set -e
case "$2" in
ibus)
    export XMODIFIERS=@im=ibus QT_IM_MODULE=ibus
    ibus-daemon --daemonize --xim --panel disable >/dev/null 2>&1
    switch_on() { ibus engine libpinyin || true; } # at its first call the engine still starts
    ;;
fcitx5)
    export XMODIFIERS=@im=fcitx QT_IM_MODULE=fcitx
    mkdir -p "$HOME/.config/fcitx5"
    cp "$(dirname "$0")/fcitx5-profile" "$HOME/.config/fcitx5/profile"
    fcitx5 --disable="$3" >/dev/null 2>&1 &
    switch_on() { fcitx5-remote -o; }
    ;;
esac
sleep 3
fsdesk --workspace "$1" >/dev/null 2>&1 &
program=$!
window=
for _second in $(seq 60); do
    window=$(xdotool search --onlyvisible --name 食药安工作台 2>/dev/null | tail -1)
    [ -n "$window" ] && break
    sleep 1
done
sleep 3
for _attempt in 1 2 3; do
    xdotool windowfocus "$window" key ctrl+k
    sleep 1
    switch_on
    sleep 1
    xdotool type --delay 60 nihao
    sleep 1
    xdotool key space
    sleep 1
    xdotool key ctrl+a key ctrl+c
    sleep 1
    typed=$(timeout 5 xclip -o -selection clipboard 2>/dev/null || true)
    [ "$typed" = 你好 ] && break
    xdotool key Delete key Escape
done
kill "$program"
echo "$typed"

# shellcheck shell=bash disable=SC1091 # os-release is the host's
# Functions that stand in for programs, so that DevStack's own shell code can be asked a question
# without changing anything: bash finds a function before it looks for a program.

# what changes the host or reaches the network: silently nothing
sudo() { :; }
su() { :; }
apt() { :; }
apt-get() { :; }
dnf() { :; }
yum() { :; }
zypper() { :; }
rpm() { :; }
dpkg() { :; }
snap() { :; }
systemctl() { :; }
service() { :; }
pip() { :; }
pip3() { :; }
uv() { :; }
git() { :; }
curl() { :; }
wget() { :; }
ssh() { :; }

# lsb_release as it would answer here; DevStack installs it where it is missing
lsb_release() {
    (
        . /etc/os-release
        case "$*" in
            *-i*) case ${ID:-} in
                debian) echo Debian ;;
                ubuntu) echo Ubuntu ;;
                fedora) echo Fedora ;;
                opensuse*) echo openSUSE ;;
                *) echo "${NAME// /}" ;;
            esac ;;
            *-r*) echo "${VERSION_ID:-n/a}" ;;
            *-c*) echo "${VERSION_CODENAME:-n/a}" ;;
            *-d*) echo "${PRETTY_NAME:-n/a}" ;;
        esac
    )
}

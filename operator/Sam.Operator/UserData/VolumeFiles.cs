namespace Sam.Operator.UserData;

/// <summary>
/// Mounts the Machine's volumes by their ids under /mnt/sam: those that are there before the engine starts, and those that are attached or grown later. Written only for a
/// Machine that has some; whatever fails here is told in the journal and fails no boot.
/// </summary>
internal static class VolumeFiles
{
    /// <summary>The files.</summary>
    public static IEnumerable<UserDataFile> All { get; } =
    [
        new("/usr/local/sbin/sam-volumes", "0755", Script),
        new("/etc/systemd/system/sam-volumes.service", "0644", Unit),
        new("/etc/udev/rules.d/61-sam-volumes.rules", "0644", Rule),
    ];

    /// <summary>What the setup does with them once, since volumes may have been attached before they were written.</summary>
    public const string Begin = """

        udevadm control --reload
        systemctl enable sam-volumes.service
        systemctl start sam-volumes.service || say "a volume is not mounted: journalctl -u sam-volumes"

        """;

    /// <summary>
    /// A device is formatted only if blkid finds nothing on it and its first megabyte is zeros: blkid's exit code alone also stands for a device that cannot be read. The
    /// folder below a mount cannot be written, so that an app without its volume fails instead of filling the system's disk.
    /// </summary>
    private const string Script = """
        #!/bin/sh
        # SAM: mounts volumes by id, formats what is blank, grows what has grown. Running it again changes nothing.
        set -u
        say() { echo "sam-volumes: $*"; }
        failed=0
        mkdir -p /run/sam-volumes
        # One run at a time, and one for every event: what comes while another volume is formatted is seen by the next run.
        exec 9>/run/sam-volumes/lock
        flock 9
        fail() { say "$*"; failed=1; }

        prepare() {
          blkid -p "$1" >/dev/null 2>&1
          [ $? -eq 2 ] || return 0
          cmp -s -n 1048576 "$1" /dev/zero || { fail "$1 is not blank and holds no file system that is known: it is left alone"; return 1; }
          say "$1 is blank: making a file system"
          mkfs.ext4 -q -m 1 "$1" || { fail "mkfs.ext4 $1"; return 1; }
        }

        volume() {
          device=/dev/disk/by-id/scsi-0HC_Volume_$1 folder=/mnt/sam/$1
          if ! mountpoint -q "$folder"; then
            prepare "$device" || return
            mkdir -p "$folder" && { chattr +i "$folder" 2>/dev/null || say "no immutable flag on $folder here"; }
            mount -o noatime,discard "$device" "$folder" || { fail "mount $device"; return; }
            say "$device is at $folder"
          fi
          grow
        }

        # Once for each size: resize2fs opens the device for writing, which udev tells as a change, which runs this again.
        grow() {
          size=$(blockdev --getsize64 "$device") && [ "$size" != "$(cat "/run/sam-volumes/${device##*_}" 2>/dev/null)" ] || return 0
          case $(blkid -p -s TYPE -o value "$device") in
            ext4) resize2fs "$device" >/dev/null 2>&1 || { fail "resize2fs $device"; return; } ;;
            xfs) xfs_growfs "$folder" >/dev/null 2>&1 || { fail "xfs_growfs $folder"; return; } ;;
          esac
          echo "$size" >"/run/sam-volumes/${device##*_}"
        }

        for path in /dev/disk/by-id/scsi-0HC_Volume_*; do
          id=${path##*_}
          case $id in '' | *[!0-9]*) continue ;; esac
          volume "$id"
        done
        exit $failed
        """;

    /// <summary>Before the engine, which starts containers that use them; without the engine's start depending on it.</summary>
    private const string Unit = """
        [Unit]
        Description=Mount the volumes of this SAM Machine
        After=local-fs.target systemd-udev-settle.service
        Before=docker.service
        Wants=systemd-udev-settle.service

        [Service]
        Type=oneshot
        ExecStart=/usr/local/sbin/sam-volumes

        [Install]
        WantedBy=multi-user.target
        """;

    /// <summary>
    /// One that is attached, and one whose size changes. Each in a unit of its own: a start of the service while it runs would be merged with the run, which may be past the
    /// new device already.
    /// </summary>
    private const string Rule = """
        ACTION=="add|change", SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", ENV{ID_SERIAL}=="0HC_Volume_*", RUN+="/usr/bin/systemd-run --no-block --collect --quiet /usr/local/sbin/sam-volumes"
        """;
}

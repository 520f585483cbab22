using Docker.DotNet.Models;

namespace Sam.Simulators.Booting;

/// <summary>How a server is written down as a container: a pure function of what was asked for.</summary>
internal static class ServerContainer
{
    /// <summary>The first process may shut down in its own time; a real server gets longer, but then it is cut as well.</summary>
    public const uint ShutdownSeconds = 30;

    /// <summary>Parameters of the container; nothing secret is in them, user data goes in as a file.</summary>
    public static CreateContainerParameters Describe(
        string name,
        ServerBoot boot,
        EngineLab lab,
        IDictionary<string, string> labels
    ) =>
        new()
        {
            Name = name,
            Image = lab.ServerImage,
            Hostname = boot.Name,
            Labels = labels,
            StopSignal = "SIGRTMIN+3", // systemd's "halt"
            HostConfig = new HostConfig
            {
                NetworkMode = lab.Network,
                CgroupnsMode = "private", // else the nested engine writes to the root of the machine's cgroups
                // Everything systemd and a nested engine need; not the clock and the modules of the machine. SYS_RESOURCE
                // is not in the bounding set of every machine, and asking for it fails there.
                CapAdd = ["ALL"],
                CapDrop = ["SYS_RESOURCE", "SYS_TIME", "SYS_MODULE"],
                SecurityOpt = ["seccomp=unconfined", "apparmor=unconfined"],
                // Empty lists are what the client's "systempaths=unconfined" means: /proc/sys is writable.
                MaskedPaths = [],
                ReadonlyPaths = [],
                Tmpfs = new Dictionary<string, string> { ["/run"] = "", ["/run/lock"] = "" },
                // Without a volume the nested engine falls back to vfs: no overlay on an overlay.
                Binds = [$"{name}:/var/lib/docker"],
                LogConfig = new LogConfig { Type = "none", Config = new Dictionary<string, string>() },
            },
        };
}

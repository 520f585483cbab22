using Sam.Crds.Schema;

namespace Sam.Crds.V1Alpha1;

/// <summary>Cloud providers that SAM rents from.</summary>
public enum CloudProvider
{
    /// <summary>Hetzner Cloud.</summary>
    Hetzner,
}

/// <summary>A size that SAM maps to a server type.</summary>
public enum MachineSize
{
    /// <summary>2 vCPU, 4 GB memory, 40 GB disk.</summary>
    Small,

    /// <summary>4 vCPU, 8 GB memory, 80 GB disk.</summary>
    Medium,

    /// <summary>8 vCPU, 16 GB memory, 160 GB disk.</summary>
    Large,
}

/// <summary>Architecture of a VM's processors.</summary>
public enum MachineArchitecture
{
    /// <summary>x86-64.</summary>
    X86,

    /// <summary>64-bit Arm.</summary>
    Arm,
}

/// <summary>Which VM to rent and where. What is left out comes from the Project, then from SAM's defaults.</summary>
public sealed record CloudSpec
{
    /// <summary>Cloud provider to rent from.</summary>
    public CloudProvider? Provider { get; set; }

    /// <summary>Locations in order of preference, such as <c>fsn1</c>; the next one is tried when one has no capacity.</summary>
    [ListAtomic, MaxItems(10), Length(1, 32), Pattern("^[a-z0-9-]+$")]
    public IList<string>? Locations { get; set; }

    /// <summary>Size of the VM; an explicit size is never replaced by another.</summary>
    public MachineSize? Size { get; set; }

    /// <summary>Exact server type of the provider, such as <c>cx33</c>; wins over <c>size</c> and is never replaced.</summary>
    [Length(1, 32), Pattern("^[a-z0-9-]+$")]
    public string? ServerType { get; set; }

    /// <summary>Image of the VM by its name at the provider; one with Docker installed boots fastest.</summary>
    [Length(1, 64), Pattern("^[a-z0-9.-]+$")]
    public string? Image { get; set; }

    /// <summary>Highest gross price in EUR per hour, without the IPv4 address; offers above it are not bought.</summary>
    [Pattern("^[0-9]+(\\.[0-9]+)?$"), Length(1, 16)]
    public string? MaxHourlyPrice { get; set; }

    /// <summary>Architecture of the VM; sizes then mean server types of it, and a server type of another one is not bought. X86 if absent.</summary>
    public MachineArchitecture? Architecture { get; set; }

    /// <summary>Public keys (one line of OpenSSH each) of people who may log in as root in an emergency; SAM itself does not use SSH.</summary>
    [
        ListSet,
        MaxItems(20),
        Length(16, 1024),
        Pattern("^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]+=*( [^\\r\\n]*)?$")
    ]
    public IList<string>? SshKeys { get; set; }

    /// <summary>Name of a private network at the provider that the VM joins; SAM makes none.</summary>
    [Length(1, 63), Pattern("^[a-zA-Z0-9][a-zA-Z0-9._-]*$")]
    public string? Network { get; set; }
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sam.Compose.Planning;
using Sam.Crds;
using Sam.Operator.Clients.Docker;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>What Caddy's container is to be. Pure.</summary>
internal static class CaddyContainer
{
    /// <summary>Its name; one a node.</summary>
    public const string Name = "sam-caddy";

    /// <summary>The kind in its labels.</summary>
    public const string Kind = "DeploymentNode";

    /// <summary>
    /// Subnet of the edge network: a container that leaves its alias keeps its address only in a network with a subnet of its own. From the range for
    /// carriers (RFC 6598), which neither Docker's default pools nor Hetzner's private networks use.
    /// </summary>
    public const string EdgeSubnet = "100.98.0.0/16";

    /// <summary>Volume of certificates and keys; outlives the container.</summary>
    public const string DataVolume = "sam-caddy-data";

    /// <summary>Where that volume is in the container.</summary>
    public const string DataFolder = "/data";

    /// <summary>Volume of the document; outlives the container, so that a reboot needs no operator.</summary>
    public const string ConfigVolume = "sam-caddy-config";

    /// <summary>The document as we put it.</summary>
    public const string DocumentPath = "/config/sam.json";

    /// <summary>The document as Caddy runs it: it saves what it loaded (caddyserver.com, "config persistence").</summary>
    public const string RunningPath = "/config/caddy/autosave.json";

    /// <summary>Root certificate of Caddy's own authority.</summary>
    public const string RootPath = "/data/caddy/pki/authorities/local/root.crt";

    /// <summary>
    /// The admin socket stands in memory of this one container: no app can reach it, and nothing of it is on the host.
    /// </summary>
    public const string AdminSocket = "/run/sam/admin.sock";

    /// <summary>Labels of the container.</summary>
    public static ImmutableDictionary<string, string> LabelsOf(string uid, string image) =>
        ImmutableDictionary<string, string>
            .Empty.Add(Names.EngineLabels.Kind, Kind)
            .Add(Names.EngineLabels.Uid, uid)
            .Add(Names.EngineLabels.Spec, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("3 " + image)))[..16]);

    /// <summary>The node's Caddy on an engine, by its name, or by its labels if somebody gave it another one; null if there is none.</summary>
    public static async Task<EngineContainer?> FindAsync(IMachineLink link, string uid, CancellationToken cancellationToken)
    {
        if (await link.InspectContainerAsync(Name, cancellationToken) is { } found)
            return found;
        var own = ImmutableDictionary<string, string>.Empty.Add(Names.EngineLabels.Kind, Kind).Add(Names.EngineLabels.Uid, uid);
        var labelled = await link.ListContainersAsync(own, cancellationToken);
        return labelled.Count == 0 ? null : labelled[0];
    }

    /// <summary>The request. Caddy comes back with its last document by itself, after a crash or a reboot.</summary>
    public static ContainerRequest Request(string uid, string image) =>
        new()
        {
            Name = Name,
            Image = image,
            Labels = LabelsOf(uid, image),
            Entrypoint = ["caddy"],
            Command = ["run", "--resume", "--config", DocumentPath],
            Environment = ["XDG_DATA_HOME=/data", "XDG_CONFIG_HOME=/config"],
            Volumes = [new VolumeMount(DataVolume, "/data"), new VolumeMount(ConfigVolume, "/config")],
            Tmpfs = ["/run/sam"],
            Ports = [new PublishedPort(80, 80), new PublishedPort(443, 443), new PublishedPort(443, 443, "udp")],
            RestartPolicy = "always",
            Network = EngineNames.EdgeNetwork,
        };
}

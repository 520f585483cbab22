using System.ComponentModel.DataAnnotations;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines;
using Sam.Operator.Controllers.Machines.Sweep;
using Sam.Operator.Credentials.Probes;
using Sam.Operator.Registry;

namespace Sam.Operator.Hosting;

/// <summary>Settings of the operator, section <c>Sam</c>; in the environment <c>Sam__Name</c>.</summary>
internal sealed class OperatorOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Sam";

    /// <summary>Namespace of the operator's own Secrets and Lease.</summary>
    [Required, RegularExpression("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    public string Namespace { get; init; } = "sam-system";

    /// <summary>Base address of the Hetzner Cloud API.</summary>
    [Required]
    public Uri HetznerEndpoint { get; init; } = new("https://api.hetzner.cloud/v1/");

    /// <summary>Base address of GitHub's API; <c>https://HOST/api/v3/</c> for a GitHub of one's own.</summary>
    [Required]
    public Uri GitHubEndpoint { get; init; } = new("https://api.github.com/");

    /// <summary>Addresses from which VMs admit the operator; empty = all, with the operator's certificate.</summary>
    public string[] EngineSources { get; init; } = [];

    /// <summary>File of the platform policy (docs/policy.md), read anew while the operator runs; without one the default holds.</summary>
    [MinLength(1)]
    public string? PolicyFile { get; init; }

    /// <summary>Machines and containers are recorded in memory instead of run; for trials without an engine.</summary>
    public bool RecordOnly { get; init; }

    /// <summary>Takes a Lease before acting; switch it off only where one process is alone.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary>Port of /healthz, /readyz and /metrics.</summary>
    [Range(1, 65535)]
    public int HealthPort { get; init; } = 8081;

    /// <summary>Address of /healthz, /readyz and /metrics.</summary>
    [Required]
    public string HealthAddress { get; init; } = "127.0.0.1";

    /// <summary>How the provider is asked; its address is <see cref="HetznerEndpoint"/>.</summary>
    public HetznerOptions Hetzner { get; init; } = new();

    /// <summary>How GitHub is asked; its address is <see cref="GitHubEndpoint"/>.</summary>
    public GitHubOptions GitHub { get; init; } = new();

    /// <summary>Where model providers are reached.</summary>
    public ModelEndpoints Models { get; init; } = new();

    /// <summary>Time limits of the links to engines.</summary>
    public MachineLinkOptions Engines { get; init; } = new();

    /// <summary>Times of Machines.</summary>
    public MachineOptions Machines { get; init; } = new();

    /// <summary>Registries that trust SAM's key.</summary>
    public RegistryOptions Registry { get; init; } = new();

    /// <summary>How what nobody owns is looked for at the provider.</summary>
    public SweepOptions Sweep { get; init; } = new();
}

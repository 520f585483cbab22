using k8s;
using Sam.Runtime.Leases;

namespace Sam.Runtime;

/// <summary>How the runtime works.</summary>
public sealed class RuntimeOptions
{
    /// <summary>The name under which events are reported.</summary>
    public string Name { get; set; } = "controller";

    /// <summary>The way to the API server; by default what the environment says (in a cluster, or a kubeconfig).</summary>
    public KubernetesClientConfiguration? Configuration { get; set; }

    /// <summary>The namespaces that informers read; none means all.</summary>
    public IReadOnlyList<string> Namespaces { get; set; } = [];

    /// <summary>The lease to hold while controllers run; null for a process that is alone.</summary>
    public LeaseOptions? Lease { get; set; }

    /// <summary>How often everything is looked at, changed or not.</summary>
    public TimeSpan ResyncPeriod { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long runs in progress may take to end at shutdown.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether informers ask for everything as the beginning of a watch; servers that cannot are listed in pages all the same.</summary>
    public bool StreamsInitialEvents { get; set; } = true;

    /// <summary>The seed of all jitter; null for another one at every start.</summary>
    public int? Seed { get; set; }
}

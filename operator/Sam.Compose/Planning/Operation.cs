using System.Collections.Immutable;

namespace Sam.Compose.Planning;

/// <summary>What is left to do, in order. Facts only: no client, no clock, no secret in its text.</summary>
public sealed record DeployPlan(long Release, ImmutableArray<Operation> Operations)
{
    /// <summary>Nothing is left: the engine is in sync.</summary>
    public bool IsEmpty => Operations.IsEmpty;

    public override string ToString() => PlanText.Render(this);
}

/// <summary>A container by its engine id when it was seen, by its name when this plan creates it; the engine takes both.</summary>
public sealed record ContainerRef(string Name, string? Id = null)
{
    /// <summary>What to call it towards the engine.</summary>
    public string Key => Id ?? Name;
}

/// <summary>One act on the engine, repeating it is harmless. Service is empty where it is about the whole app.</summary>
public abstract record Operation(string Service)
{
    /// <summary>True where the executor stops and comes back later unless the wait is already over.</summary>
    public virtual bool IsAwait => false;

    /// <summary>Makes one of the app's networks if it is missing.</summary>
    public sealed record EnsureNetwork(string Name, ImmutableSortedDictionary<string, string> Labels, bool Internal = false)
        : Operation("");

    /// <summary>Puts a config or secret on the node.</summary>
    public sealed record WriteFile(FileContent File) : Operation("");

    /// <summary>Makes a volume if it is missing.</summary>
    public sealed record EnsureVolume(string Name, ImmutableSortedDictionary<string, string> Labels) : Operation("");

    /// <summary>Pulls by digest, before anything stops.</summary>
    public sealed record PullImage(string Service, string Image) : Operation(Service);

    /// <summary>Creates the container on one network with these names; a 409 means adopt on an equal dev.sam.spec label.</summary>
    public sealed record CreateContainer(
        string Service,
        string Name,
        ContainerSpec Spec,
        string Network,
        ImmutableArray<string> Aliases,
        ImmutableArray<VolumeBinding> Mounts,
        ImmutableSortedDictionary<string, string> Labels
    ) : Operation(Service);

    /// <summary>Starts a container that was made or ended.</summary>
    public sealed record StartContainer(string Service, ContainerRef Container) : Operation(Service);

    /// <summary>Puts a container on one of the app's networks, with these names.</summary>
    public sealed record ConnectNetwork(string Service, ContainerRef Container, string Network, ImmutableArray<string> Aliases)
        : Operation(Service);

    /// <summary>Waits until the health check is green (none: it runs) and it has run for the stable time.</summary>
    public sealed record AwaitHealthy(string Service, ContainerRef Container, TimeSpan StableTime) : Operation(Service)
    {
        public override bool IsAwait => true;
    }

    /// <summary>Waits until a one-shot container has ended with exit code 0.</summary>
    public sealed record AwaitCompleted(string Service, ContainerRef Container) : Operation(Service)
    {
        public override bool IsAwait => true;
    }

    /// <summary>Gives the container the name that Caddy resolves.</summary>
    public sealed record ConnectEdge(string Service, ContainerRef Container, string Network, string Alias) : Operation(Service);

    /// <summary>
    /// Takes that name away: new requests go elsewhere. KeepAddress: connect it again at once with the same IP address and without
    /// the alias, or every request in flight hangs (measured with Engine 20.10: 12 of 12 connections; with the address kept, none).
    /// </summary>
    public sealed record DisconnectEdge(string Service, ContainerRef Container, string Network, string Alias, bool KeepAddress)
        : Operation(Service);

    /// <summary>Lets old containers finish their requests; a plain pause of at most the grace.</summary>
    public sealed record Drain(ImmutableArray<ContainerRef> Containers, TimeSpan Grace) : Operation("");

    /// <summary>Stops with the signal and the grace the container was created with.</summary>
    public sealed record StopContainer(string Service, ContainerRef Container) : Operation(Service);

    /// <summary>Removes by force (it may be paused or dead); its named volumes stay.</summary>
    public sealed record RemoveContainer(string Service, ContainerRef Container) : Operation(Service);

    /// <summary>Removes the app's network.</summary>
    public sealed record RemoveNetwork(string Name) : Operation("");

    /// <summary>Removes a volume and its data.</summary>
    public sealed record RemoveVolume(string Name) : Operation("");
}

/// <summary>An engine volume at a path.</summary>
public sealed record VolumeBinding(string VolumeName, string Path, bool ReadOnly);

using Sam.Compose.Planning;

namespace Sam.Unit.Tests.Compose.Planning;

/// <summary>An engine that obeys plans: just the rules a plan relies on, and no more patience than the real one.</summary>
internal sealed class DeployModelEngine(string uid)
{
    private readonly Dictionary<string, ContainerSpec> _specs = new(StringComparer.Ordinal);

    public Observed Seen { get; private set; } = new() { Now = DateTimeOffset.UnixEpoch };

    /// <summary>Time passes and every container does what a good one does.</summary>
    public void Settle(Desired desired)
    {
        var oneShots = desired
            .Services.Where(service => service.Completion == Completion.Required)
            .Select(service => service.Name)
            .ToHashSet();
        Seen = Seen with
        {
            Now = Seen.Now.AddMinutes(1),
            Containers =
            [
                .. Seen.Containers.Select(container =>
                    container.State == ContainerState.Running && oneShots.Contains(container.Service)
                        ? container with
                        {
                            State = ContainerState.Exited,
                        }
                        : container
                ),
            ],
        };
    }

    public void Change(string id, Func<ObservedContainer, ObservedContainer> change) =>
        Seen = Seen with
        {
            Containers = [.. Seen.Containers.Select(container => container.Id == id ? change(container) : container)],
        };

    public void Remove(string id) =>
        Seen = Seen with { Containers = [.. Seen.Containers.Where(container => container.Id != id)] };

    public void Execute(Operation operation)
    {
        switch (operation)
        {
            case Operation.EnsureNetwork it:
                Seen = Seen with { Networks = Seen.Networks.Add(it.Name) };
                break;
            case Operation.EnsureVolume it:
                Seen = Seen with { Volumes = Seen.Volumes.Add(it.Name) };
                break;
            case Operation.WriteFile it:
                Seen = Seen with { Files = [.. Seen.Files.Append(it.File.Name).Distinct()] };
                break;
            case Operation.PullImage it:
                Seen = Seen with { Images = Seen.Images.Add(it.Image) };
                break;
            case Operation.CreateContainer it:
                Create(it);
                break;
            case Operation.StartContainer it:
                Start(One(it.Container));
                break;
            case Operation.ConnectNetwork it:
                Change(
                    One(it.Container).Id,
                    container => container with { Networks = [.. container.Networks ?? [], it.Network] }
                );
                break;
            case Operation.ConnectEdge it:
                Assert.Equal(ContainerState.Running, One(it.Container).State);
                Change(One(it.Container).Id, container => container with { EdgeAliases = [it.Alias, "0123456789ab"] });
                break;
            case Operation.DisconnectEdge it:
                Change(
                    One(it.Container).Id,
                    container => container with { EdgeAliases = it.KeepAddress ? ["0123456789ab"] : [] }
                );
                break;
            case Operation.StopContainer it:
                Change(One(it.Container).Id, container => container with { State = ContainerState.Exited, ExitCode = 143 });
                break;
            case Operation.RemoveContainer it:
                Remove(One(it.Container).Id);
                break;
            case Operation.RemoveNetwork it:
                Assert.Empty(Seen.Containers);
                Seen = Seen with { Networks = Seen.Networks.Remove(it.Name) };
                break;
            case Operation.RemoveVolume it:
                Seen = Seen with { Volumes = Seen.Volumes.Remove(it.Name) };
                break;
            case Operation.Drain:
                break;
            default:
                throw new InvalidOperationException($"The model engine does not know {operation.GetType().Name}");
        }
    }

    /// <summary>Services that Caddy's name leads to a running container of.</summary>
    public HashSet<string> Serving() =>
        [
            .. Seen
                .Containers.Where(container => container.State == ContainerState.Running && container.AtEdge)
                .Select(container => container.Service),
        ];

    private void Create(Operation.CreateContainer it)
    {
        Assert.Contains(it.Spec.Image, Seen.Images);
        Assert.Contains(it.Network, Seen.Networks);
        Assert.All(it.Mounts, mount => Assert.Contains(mount.VolumeName, Seen.Volumes));
        Assert.DoesNotContain(Seen.Containers, container => container.Name == it.Name);
        var created = new ObservedContainer
        {
            Id = $"id-{it.Name}",
            Name = it.Name,
            Service = it.Spec.Service,
            SpecHash = it.Labels[EngineNames.SpecLabel],
            Replica = it.Spec.Replica ?? 1,
            Networks = [it.Network],
            State = ContainerState.Created,
        };
        _specs[created.Name] = it.Spec;
        Assert.Equal(uid, it.Labels[EngineNames.UidLabel]);
        Seen = Seen with { Containers = Seen.Containers.Add(created) };
    }

    private void Start(ObservedContainer starting)
    {
        var spec = _specs[starting.Name];
        // What a container needs is there before it starts: its files, and every network.
        Assert.All(spec.Files ?? [], file => Assert.Contains(file.Name, Seen.Files));
        Assert.Equal(spec.Networks?.Count ?? 1, starting.Networks!.Value.Length);
        Change(starting.Id, container => container with { State = ContainerState.Running, ExitCode = 0, StartedAt = Seen.Now });
    }

    /// <summary>All containers are down, and memory is empty.</summary>
    public void Reboot()
    {
        foreach (var container in Seen.Containers.Where(container => container.Alive))
            Change(container.Id, it => it with { State = ContainerState.Exited, ExitCode = 128 });
        Seen = Seen with { Files = [] };
    }

    private ObservedContainer One(ContainerRef reference) =>
        Seen.Containers.Single(container => container.Id == reference.Key || container.Name == reference.Key);
}

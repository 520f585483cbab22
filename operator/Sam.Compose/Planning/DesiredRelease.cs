using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;

namespace Sam.Compose.Planning;

/// <summary>Turns a recorded release into the containers that should run.</summary>
public static class DesiredRelease
{
    /// <summary>Applied and the two times keep their defaults; set them with `with`.</summary>
    public static Desired Resolve(string uid, long release, ReleaseSpec spec)
    {
        var awaited = spec
            .Model.Services.Values.SelectMany(service => service.DependsOn)
            .Where(entry => entry.Value.Condition == DependencyCondition.CompletedSuccessfully)
            .Select(entry => entry.Key)
            .ToHashSet(StringComparer.Ordinal);
        var files = new ReleaseFiles(uid, spec);
        return new Desired
        {
            Uid = uid,
            Release = release,
            Networks = NetworksOf(spec.Model),
            Files = files.All,
            Services =
            [
                .. spec.Model.Services.Values.SelectMany(service =>
                    Enumerable
                        .Range(1, service.Replicas ?? 1)
                        .Select(replica => Service(service, spec, awaited.Contains(service.Name), files, replica))
                ),
            ],
        };
    }

    private static ImmutableSortedDictionary<string, bool> NetworksOf(ComposeModel model) =>
        Ordinal.Sort(
            model
                .Services.Values.SelectMany(service => service.Networks?.Keys ?? [ComposeNetwork.Default])
                .Distinct()
                .Select(name => KeyValuePair.Create(name, model.Networks?.GetValueOrDefault(name)?.Internal == true))
        );

    private static DesiredService Service(
        ComposeService service,
        ReleaseSpec release,
        bool oneShot,
        ReleaseFiles files,
        int replica
    )
    {
        ImmutableArray<int> ports =
        [
            .. release
                .Routes.Where(route => route.Service == service.Name)
                .Select(route => RouteRules.PortOf(route, service))
                .OfType<int>()
                .Distinct()
                .Order(),
        ];
        var mayEnd = service.Restart?.Mode is RestartMode.No or RestartMode.OnFailure && ports.IsEmpty;
        var desired = new DesiredService
        {
            Spec = Container(service, release, oneShot) with
            {
                Replica = replica == 1 ? null : replica,
                Networks = NetworksOf(service, release.Model),
                Files = files.Of(service),
            },
            DependsOn = [.. service.DependsOn.Select(entry => new ServiceDependency(entry.Key, entry.Value.Condition))],
            RoutedPorts = ports,
            OrderedStopFirst = service.UpdateOrder == UpdateOrder.StopFirst,
            Completion =
                oneShot ? Completion.Required
                : mayEnd ? Completion.Allowed
                : Completion.Never,
        };
        // One after the other: while one is down, the others serve.
        return replica > 1 && desired.StopFirst
            ? desired with
            {
                DependsOn = desired.DependsOn.Add(
                    new ServiceDependency($"{service.Name}#{replica - 1}", DependencyCondition.Healthy)
                ),
            }
            : desired;
    }

    // Null when there is nothing to say, so that the identity of a plain container stays what it was.
    private static ImmutableSortedDictionary<string, ImmutableArray<string>>? NetworksOf(
        ComposeService service,
        ComposeModel model
    )
    {
        var names = model
            .Services.Values.SelectMany(other => other.Links ?? [])
            .Where(link => link.Service == service.Name && link.Alias != service.Name)
            .Select(link => link.Alias)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        if (service.Networks is null && names.IsEmpty)
            return null;
        var networks =
            service.Networks ?? Ordinal.Sort([KeyValuePair.Create(ComposeNetwork.Default, ImmutableArray<string>.Empty)]);
        return Ordinal.Sort(networks.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.AddRange(names))));
    }

    private static ContainerSpec Container(ComposeService service, ReleaseSpec release, bool oneShot) =>
        new()
        {
            Service = service.Name,
            Image = release.Images.TryGetValue(service.Name, out var pinned) ? pinned : service.Image,
            Command = service.Command,
            Entrypoint = service.Entrypoint,
            Environment = service.Environment,
            Healthcheck = service.Healthcheck,
            Volumes = service.Volumes,
            // A file that says nothing gets what a server needs: back after a reboot without the operator.
            Restart = service.Restart ?? new RestartPolicy(oneShot ? RestartMode.No : RestartMode.UnlessStopped),
            Resources = service.Resources,
            User = service.User,
            WorkingDir = service.WorkingDir,
            Init = service.Init,
            StopGracePeriod = service.StopGracePeriod,
            StopSignal = service.StopSignal,
            Labels = service.Labels,
            Tmpfs = service.Tmpfs,
            Confinement = service.Confinement,
            Addressing = service.Addressing,
            Logging = service.Logging,
        };
}

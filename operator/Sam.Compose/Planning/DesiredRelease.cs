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
        return new Desired
        {
            Uid = uid,
            Release = release,
            Services = [.. spec.Model.Services.Values.Select(service => Service(service, spec, awaited.Contains(service.Name)))],
        };
    }

    private static DesiredService Service(ComposeService service, ReleaseSpec release, bool oneShot)
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
        return new DesiredService
        {
            Spec = Container(service, release, oneShot),
            DependsOn = [.. service.DependsOn.Select(entry => new ServiceDependency(entry.Key, entry.Value.Condition))],
            RoutedPorts = ports,
            Completion =
                oneShot ? Completion.Required
                : mayEnd ? Completion.Allowed
                : Completion.Never,
        };
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
        };
}

using Sam.Compose.Planning;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Writes what the engine shows of each service into status.</summary>
internal static class ServiceReport
{
    /// <summary>One entry a service, in the order of the file's names.</summary>
    public static void Write(ComposeAppStatus status, Desired desired, Observed observed) =>
        status.Services = [
            .. desired.Services.Select(service =>
            {
                var container =
                    observed.Containers.FirstOrDefault(candidate => candidate.SpecHash == service.Spec.Hash)
                    ?? observed.Containers.FirstOrDefault(candidate => candidate.Service == service.Name);
                return new ServiceStatus
                {
                    Name = service.Name,
                    Image = service.Spec.Image.Split('@')[0],
                    Digest = PinnedImage.DigestOf(service.Spec.Image),
                    State = container?.State.ToString().ToLowerInvariant() ?? "absent",
                    Health = container?.Health.ToString().ToLowerInvariant(),
                    Restarts = container?.Restarts ?? 0,
                };
            }),
        ];
}

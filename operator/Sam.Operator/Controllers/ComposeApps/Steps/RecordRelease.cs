using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Conditions;
using Sam.Runtime.Steps;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Operator.Controllers.ComposeApps.Steps;

/// <summary>Pins every image by its digest and records what was written as the next release. Tags are resolved only when the source changes.</summary>
internal sealed class RecordRelease(Releases releases, RegistryLogins logins) : IStep<ComposeAppContext>
{
    private static readonly TimeSpan RegistryRecheck = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NodeRecheck = TimeSpan.FromSeconds(30);

    public ConditionType? Condition => ImagesResolved.Type;

    public async Task<StepResult> RunAsync(ComposeAppContext context, CancellationToken cancellationToken)
    {
        var status = context.App.Status;
        if (context.Link is not { } link)
            return StepResult.Requeue(
                NodeRecheck,
                ImagesResolved.NodeNotReady,
                $"DeploymentNode {context.App.Spec.NodeRef.Name} is not ready yet"
            );
        if (context.Source is not { } source)
            return StepResult.Continue(ImagesResolved.Resolved, $"Release {status.AppliedRelease} pins its images");
        if (status.SourceHash == source.Hash)
            return StepResult.Continue(
                ImagesResolved.Resolved,
                $"Release {status.DesiredRelease} pins {source.Model.Services.Count} images"
            );

        var images = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var service in source.Model.Services.Values)
        {
            var login = await logins.ForAsync(context.App, service.Image, cancellationToken);
            if (login.Fault is { } missing)
                return context.HaltWith(ImagesResolved.RegistryUnauthorized, missing);
            try
            {
                images[service.Name] = PinnedImage.IsPinned(service.Image)
                    ? service.Image
                    : PinnedImage.Pin(
                        service.Image,
                        await link.ResolveDigestAsync(service.Image, login.Login, cancellationToken)
                    );
            }
            catch (EngineException e) when (FaultOf(e.Kind) is { } reason)
            {
                return context.HaltWith(
                    reason,
                    $"spec.compose.services.{service.Name}.image: {service.Image}: {e.Message}",
                    RegistryRecheck
                );
            }
        }

        var release = new ReleaseSpec
        {
            Model = source.Model,
            Images = images.ToImmutable(),
            Routes = source.Routes,
            Files = source.Files,
        };
        var number = await releases.RecordAsync(context.App, source.Hash, release, cancellationToken);
        Note(status, number, source.Hash, context.Run.Now);
        return StepResult.Continue(ImagesResolved.Resolved, $"Release {number} pins {images.Count} images");
    }

    private static void Note(ComposeAppStatus status, long number, string sourceHash, DateTimeOffset now)
    {
        status.DesiredRelease = number;
        status.SourceHash = sourceHash;
        status.ApplyState = ApplyState.Pending;
        if (status.Releases.All(release => release.Number != number))
            status.Releases.Insert(
                0,
                new ReleaseStatus
                {
                    Number = number,
                    Outcome = ReleaseOutcome.Pending,
                    CreatedAt = now,
                }
            );
    }

    private static Reason? FaultOf(EngineErrorKind kind) =>
        kind switch
        {
            EngineErrorKind.ImageNotFound => ImagesResolved.ImageNotFound,
            EngineErrorKind.RegistryUnauthorized => ImagesResolved.RegistryUnauthorized,
            EngineErrorKind.RegistryUnreachable => ImagesResolved.RegistryUnreachable,
            _ => null,
        };
}

using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Which releases of an app are beyond its limit. Pure.</summary>
internal static class KeptReleases
{
    /// <summary>Those to forget: never the one that serves, is wanted, or is named to roll back to.</summary>
    public static IReadOnlyList<ReleaseStatus> Spare(ComposeApp app)
    {
        var (spec, status) = (app.Spec, app.Status);
        return
        [
            .. status
                .Releases.Where(release =>
                    release.Number != status.AppliedRelease
                    && release.Number != status.DesiredRelease
                    && release.Number != spec.RollbackTo
                )
                .Skip(spec.RevisionHistoryLimit),
        ];
    }
}

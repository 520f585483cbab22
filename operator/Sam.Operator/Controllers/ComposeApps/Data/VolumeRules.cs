using Sam.Compose.Model;
using Sam.Crds;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps.Data;

/// <summary>What must hold of the hooks of volumes against the app's own Compose file. Pure.</summary>
internal static class VolumeRules
{
    private static readonly Duration s_shortestSchedule = new(TimeSpan.FromMinutes(15));
    private static readonly Duration s_longestTimeout = new(TimeSpan.FromHours(24));

    /// <summary>All violations at once, with paths below <c>spec</c>.</summary>
    public static IEnumerable<ComposeProblem> Check(ComposeAppSpec spec, ComposeModel model)
    {
        foreach (var volume in spec.Volumes ?? [])
        {
            var path = $"volumes[{volume.Name}]";
            if (!model.Volumes.Contains(volume.Name))
                yield return new(
                    $"{path}.name",
                    ProblemCode.UndefinedReference,
                    $"Volume {volume.Name} is not in the Compose file; {Those("it has", model.Volumes)}"
                );
            if (volume is { Backup: null, Restore: null })
                yield return new(path, ProblemCode.Required, "Set backup, restore or both");
            if (volume.Backup is { } backup)
            {
                foreach (var problem in Hook($"{path}.backup", backup.Service, backup.Command, backup.Timeout, model))
                    yield return problem;
                if (backup.Schedule is { } schedule && schedule.Value < s_shortestSchedule.Value)
                    yield return new(
                        $"{path}.backup.schedule",
                        ProblemCode.InvalidValue,
                        $"{schedule} is shorter than {s_shortestSchedule}; back up less often"
                    );
            }

            if (volume.Restore is { } restore)
            {
                foreach (var problem in Hook($"{path}.restore", restore.Service, restore.Command, restore.Timeout, model))
                    yield return problem;
            }
        }
    }

    private static IEnumerable<ComposeProblem> Hook(
        string path,
        string service,
        IList<string> command,
        Duration timeout,
        ComposeModel model
    )
    {
        if (!model.Services.ContainsKey(service))
            yield return new(
                $"{path}.service",
                ProblemCode.UndefinedReference,
                $"Service {service} is not in the Compose file; {Those("it has", model.Services.Keys)}"
            );
        if (command.Count == 0)
            yield return new($"{path}.command", ProblemCode.Required, "Name the command and its arguments");
        if (timeout.Value <= TimeSpan.Zero || timeout.Value > s_longestTimeout.Value)
            yield return new(
                $"{path}.timeout",
                ProblemCode.InvalidValue,
                $"{timeout} is not between 1s and {s_longestTimeout}; choose a time in between"
            );
    }

    private static string Those(string words, IEnumerable<string> names) =>
        string.Join(", ", names) is { Length: > 0 } all ? $"{words} {all}" : $"{words} none";
}

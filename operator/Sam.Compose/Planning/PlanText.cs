using System.Globalization;
using System.Text;

namespace Sam.Compose.Planning;

/// <summary>A plan as lines for people, status and golden files; it holds names, never values.</summary>
public static class PlanText
{
    public static string Render(DeployPlan plan)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"release {plan.Release}\n");
        if (plan.IsEmpty)
            text.Append("nothing to do\n");
        foreach (var operation in plan.Operations)
            text.Append(Line(operation)).Append('\n');
        return text.ToString();
    }

    /// <summary>A plan's operations, at most so many lines; what is beyond is counted in the last.</summary>
    public static IReadOnlyList<string> Lines(DeployPlan plan, int most) =>
        plan.Operations.Length <= most
            ? [.. plan.Operations.Select(Line)]
            : [.. plan.Operations.Take(most - 1).Select(Line), $"and {plan.Operations.Length - most + 1} more"];

    /// <summary>One operation as one line.</summary>
    public static string Line(Operation operation) =>
        operation switch
        {
            Operation.EnsureNetwork it => $"ensure network {it.Name}",
            Operation.EnsureVolume it => $"ensure volume {it.Name}",
            Operation.PullImage it => $"pull image {it.Image}",
            Operation.CreateContainer it => $"create {it.Name}{Mounts(it)}",
            Operation.StartContainer it => $"start {it.Container.Name}",
            Operation.WriteFile it => $"write {(it.File.InMemory ? "secret" : "config")} {it.File.Name}",
            Operation.ConnectNetwork it => $"connect {it.Container.Name} to {it.Network}",
            Operation.AwaitHealthy it when it.StableTime == TimeSpan.Zero => $"await {it.Container.Name} healthy",
            Operation.AwaitHealthy it => $"await {it.Container.Name} healthy and stable for {Seconds(it.StableTime)}",
            Operation.AwaitCompleted it => $"await {it.Container.Name} ended with 0",
            Operation.ConnectEdge it => $"edge on: {it.Container.Name} as {it.Alias}",
            Operation.DisconnectEdge it =>
                $"edge off: {it.Container.Name} as {it.Alias}{(it.KeepAddress ? ", address kept" : "")}",
            Operation.Drain it =>
                $"drain {string.Join(", ", it.Containers.Select(container => container.Name))} for {Seconds(it.Grace)}",
            Operation.StopContainer it => $"stop {it.Container.Name}",
            Operation.RemoveContainer it => $"remove {it.Container.Name}",
            Operation.RemoveNetwork it => $"remove network {it.Name}",
            Operation.RemoveVolume it => $"remove volume {it.Name}",
            _ => throw new InvalidOperationException($"Unhandled operation {operation.GetType().Name}"),
        };

    private static string Mounts(Operation.CreateContainer it) =>
        string.Concat(
            it.Mounts.Select(mount => $" with {mount.VolumeName} at {mount.Path}{(mount.ReadOnly ? " read-only" : "")}")
        );

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s";
}

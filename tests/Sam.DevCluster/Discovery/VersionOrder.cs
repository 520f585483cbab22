using System.Text.RegularExpressions;

namespace Sam.DevCluster.Discovery;

/// <summary>Kubernetes' order of API versions: v2, v1, v1beta1, v1alpha1, then everything else.</summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    public int Compare(string? x, string? y) =>
        Rank(x!).CompareTo(Rank(y!)) is var order && order != 0 ? order : string.CompareOrdinal(y, x);

    private static (int Stage, int Major, int Minor) Rank(string version)
    {
        var match = Pattern().Match(version);
        if (!match.Success)
            return (-1, 0, 0);
        var stage = match.Groups["stage"].Value switch
        {
            "" => 2,
            "beta" => 1,
            _ => 0,
        };
        return (
            stage,
            int.Parse(match.Groups["major"].Value),
            int.TryParse(match.Groups["minor"].Value, out var minor) ? minor : 0
        );
    }

    [GeneratedRegex(@"^v(?<major>\d+)(?:(?<stage>alpha|beta)(?<minor>\d+))?$")]
    private static partial Regex Pattern();
}

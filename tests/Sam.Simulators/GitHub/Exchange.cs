using System.Globalization;

namespace Sam.Simulators.GitHub;

/// <summary>One call on its way through the faults.</summary>
internal sealed class Exchange(GitHubFaults faults, GitHubRequest request, Caller caller, Dictionary<string, string> values)
{
    private readonly long? _installation = InstallationOf(caller, values);

    /// <summary>The faults that struck.</summary>
    public string? Struck { get; private set; }

    /// <summary>Whether the call counts against the hour.</summary>
    public bool IsCounted { get; set; }

    /// <summary>The fault if it is on and fits this call; it is used up by one.</summary>
    public GitHubFault? Strike(string name)
    {
        var fault = faults.Take(name, fault => fault.Fits(request.Method, request.Path, caller.AppBehind?.Id, _installation));
        if (fault is not null)
        {
            Struck = Struck is null ? name : $"{Struck}, {name}";
        }
        return fault;
    }

    public static long? InstallationOf(Caller caller, Dictionary<string, string> values) =>
        caller is Caller.OfToken token ? token.Installation.Id
        : long.TryParse(values.GetValueOrDefault("installation_id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
        : null;
}

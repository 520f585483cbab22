using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;
using Sam.Operator.Clients.GitHub;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Registry;

namespace Sam.Operator.Hosting;

/// <summary>Reads the operator's settings, and refuses what cannot work: all that is wrong, by its name, before anything starts.</summary>
internal static class OperatorSettings
{
    /// <summary>The settings of the section <c>Sam</c>; a name that no setting has is a mistake too.</summary>
    /// <exception cref="OptionsValidationException">Lists everything that is wrong.</exception>
    /// <exception cref="InvalidOperationException">A value is of the wrong type, or a name is unknown; the message names it.</exception>
    public static OperatorOptions Read(IConfiguration configuration)
    {
        var options =
            configuration
                .GetSection(OperatorOptions.Section)
                .Get<OperatorOptions>(binder => binder.ErrorOnUnknownConfiguration = true)
            ?? new OperatorOptions();
        var problems = Problems(options);
        return problems.Count == 0
            ? options
            : throw new OptionsValidationException(OperatorOptions.Section, typeof(OperatorOptions), problems);
    }

    /// <summary>All that is wrong with the settings, each with its name and what it may be.</summary>
    public static IReadOnlyList<string> Problems(OperatorOptions options) =>
        [
            .. Annotated(options, ""),
            .. Annotated(options.Hetzner, "Hetzner:"),
            .. Annotated(options.GitHub, "GitHub:"),
            .. Annotated(options.Machines, "Machines:"),
            .. Annotated(options.Registry, "Registry:"),
            .. Annotated(options.Registry.Endpoint, "Registry:Endpoint:"),
            .. RegistryProblems.Of(options.Registry),
            .. Annotated(options.Sweep, "Sweep:"),
            .. options.Engines.Validate().Select(problem => $"Sam:Engines: {problem}"),
            .. options.Models.Problems(),
            .. Addresses(options),
        ];

    private static IEnumerable<string> Annotated(object part, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(part, new ValidationContext(part), results, validateAllProperties: true);
        return results.Select(result => $"Sam:{path}{string.Join(',', result.MemberNames)}: {result.ErrorMessage}");
    }

    private static IEnumerable<string> Addresses(OperatorOptions options)
    {
        if (!IPAddress.TryParse(options.HealthAddress, out _))
            yield return $"Sam:HealthAddress: '{options.HealthAddress}' is no IP address";
        if (options.HetznerEndpoint is not { IsAbsoluteUri: true, Scheme: "https" or "http" })
            yield return $"Sam:HetznerEndpoint: '{options.HetznerEndpoint}' is no absolute http or https address";
        if (options.GitHubEndpoint is not { IsAbsoluteUri: true, Scheme: "https" or "http" })
            yield return $"Sam:GitHubEndpoint: '{options.GitHubEndpoint}' is no absolute http or https address";
        if (options.GitHub.Endpoint != new GitHubOptions().Endpoint)
            yield return "Sam:GitHub:Endpoint: set Sam:GitHubEndpoint instead";
        if (options.Hetzner.Endpoint != new HetznerOptions().Endpoint)
            yield return "Sam:Hetzner:Endpoint: set Sam:HetznerEndpoint instead";
        foreach (var (source, index) in options.EngineSources.Select((source, index) => (source, index)))
        {
            if (!IPAddress.TryParse(source, out _) && !IPNetwork.TryParse(source, out _))
                yield return $"Sam:EngineSources:{index}: '{source}' is no IP address and no network such as 203.0.113.0/28";
        }
    }
}

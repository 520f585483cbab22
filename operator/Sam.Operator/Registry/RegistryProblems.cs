using System.Net;
using System.Text.RegularExpressions;

namespace Sam.Operator.Registry;

/// <summary>What cannot work in the settings of registries, each with its name.</summary>
internal static partial class RegistryProblems
{
    /// <summary>All that is wrong.</summary>
    public static IEnumerable<string> Of(RegistryOptions options) =>
        [
            .. options.Trusted.SelectMany((registry, index) => Registry(registry, $"Sam:Registry:Trusted:{index}")),
            .. Twice(options.Trusted, registry => registry.Host, "Host"),
            .. Twice(options.Trusted, registry => registry.Audience, "Service"),
            .. Endpoint(options),
        ];

    private static IEnumerable<string> Registry(TrustedRegistry registry, string path)
    {
        if (!Host().IsMatch(registry.Host))
            yield return $"{path}:Host: '{registry.Host}' is no host such as registry.example.com or 10.0.0.5:5000";
        if (!Template().IsMatch(registry.Repositories))
            yield return $"{path}:Repositories: '{registry.Repositories}' has to end with {{namespace}}/ such as {{namespace}}/ or apps/{{namespace}}/";
        if (!Enum.IsDefined(registry.Keys))
            yield return $"{path}:Keys: {registry.Keys} is none of {string.Join(", ", Enum.GetNames<KeyReference>())}";
    }

    private static IEnumerable<string> Twice(TrustedRegistry[] registries, Func<TrustedRegistry, string> name, string what) =>
        registries
            .GroupBy(name)
            .Where(group => group.Count() > 1)
            .Select(group =>
                $"Sam:Registry:Trusted: {what} '{group.Key}' is there {group.Count()} times: a token would be good at each of them"
            );

    private static IEnumerable<string> Endpoint(RegistryOptions options)
    {
        var endpoint = options.Endpoint;
        if (!IPAddress.TryParse(endpoint.Address, out var address))
        {
            yield return $"Sam:Registry:Endpoint:Address: '{endpoint.Address}' is no IP address";
            yield break;
        }

        if ((endpoint.CertificateFile is null) != (endpoint.KeyFile is null))
            yield return "Sam:Registry:Endpoint: CertificateFile and KeyFile go together";
        if (endpoint.Port is not null && endpoint.CertificateFile is null && !IPAddress.IsLoopback(address))
            yield return $"Sam:Registry:Endpoint:CertificateFile: logins would cross the network in the clear at {address}; set it and KeyFile, or listen on 127.0.0.1";
        if (endpoint.Port is not null && options.Trusted.Length == 0)
            yield return "Sam:Registry:Trusted: a token endpoint without a registry that trusts it serves nobody";
    }

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]{1,5})?$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Host();

    [GeneratedRegex(
        @"^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*/)*\{namespace\}/$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Template();
}

using System.ComponentModel.DataAnnotations;

namespace Sam.Operator.Registry;

/// <summary>Registries that trust SAM's key, and how tokens for them are made; <c>Sam__Registry__...</c>.</summary>
internal sealed class RegistryOptions
{
    /// <summary>The registries; none switches everything here off.</summary>
    public TrustedRegistry[] Trusted { get; init; } = [];

    /// <summary>The issuer that the registries are configured with.</summary>
    [Required]
    public string Issuer { get; init; } = "sam-operator";

    /// <summary>How long a token is good; a registry adds a minute for clocks.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many tokens one subject may ask for in a window; refused ones count too.</summary>
    [Range(1, 10_000)]
    public int MintsPerWindow { get; init; } = 10;

    /// <summary>The window that mints are counted in.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MintWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How old a key grows before the next one is made.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan RotateEvery { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a new key is published before it signs: the time to let registries read it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan PublishAhead { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often the keys' Secret is read, for a rotation by another process or one that is asked for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeyRefresh { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Host of GitHub's registry for which pull Secrets get installation tokens, such as <c>ghcr.io</c>; absent is off. Unverified.</summary>
    [RegularExpression("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$")]
    public string? GitHubPackages { get; init; }

    /// <summary>The token endpoint, for people and pull Secrets.</summary>
    public TokenEndpointOptions Endpoint { get; init; } = new();
}

/// <summary>Where the token endpoint listens.</summary>
internal sealed class TokenEndpointOptions
{
    /// <summary>Its port, 0 for any that is free; absent is no endpoint: then only ComposeApps get tokens.</summary>
    [Range(0, 65535)]
    public int? Port { get; init; }

    /// <summary>Its address. Only on loopback may it go without a certificate.</summary>
    [Required]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>PEM file of the certificate and its chain; read again when it changes.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the certificate's key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The audience that a ServiceAccount token has to be made for.</summary>
    [Required]
    public string Audience { get; init; } = "sam-registry";

    /// <summary>How many wrong logins one address may try in a window before it has to wait.</summary>
    [Range(1, 100_000)]
    public int FailuresPerWindow { get; init; } = 60;
}

/// <summary>How a registry finds the key of a token.</summary>
internal enum KeyReference
{
    /// <summary>The token carries its certificate (<c>x5c</c>); Distribution 2.x and 3.x with a <c>rootcertbundle</c>.</summary>
    Certificate,

    /// <summary>The key's libtrust fingerprint as <c>kid</c>; Distribution 2.x.</summary>
    Fingerprint,

    /// <summary>The key's RFC 7638 thumbprint as <c>kid</c>; Distribution 3.x, also with <c>jwks</c>.</summary>
    Thumbprint,
}

/// <summary>One registry that trusts SAM's key.</summary>
internal sealed class TrustedRegistry
{
    /// <summary>Host and port as image references name it.</summary>
    public string Host { get; init; } = "";

    /// <summary>The service that the registry is configured with; its host if absent.</summary>
    public string? Service { get; init; }

    /// <summary>Where a namespace's repositories are: what stands before them, with <c>{namespace}</c> as one segment of the path.</summary>
    public string Repositories { get; init; } = "{namespace}/";

    /// <summary>How the registry finds the key of a token.</summary>
    public KeyReference Keys { get; init; }

    /// <summary>What tokens name as their audience.</summary>
    public string Audience => string.IsNullOrEmpty(Service) ? Host : Service;
}

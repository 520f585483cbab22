using Sam.Operator.Clients.Hetzner.Wire;

namespace Sam.Operator.Clients.Hetzner;

internal sealed partial class HetznerClient
{
    public Task<IReadOnlyList<ServerType>> ListServerTypesAsync(CancellationToken cancellationToken) =>
        ListAsync<ServerTypesPage, WireServerType, ServerType>(
            "/server_types",
            "server_types",
            HetznerJson.Default.ServerTypesPage,
            Mapping.ToServerType,
            cancellationToken
        );

    public async Task<IReadOnlyList<AddressPrice>> ListIpv4PricesAsync(CancellationToken cancellationToken)
    {
        var get = HetznerRequest.Get("/pricing", "pricing");
        var answer = await transport.SendAsync(get, HetznerJson.Default.PricingAnswer, cancellationToken);
        return
        [
            .. answer
                .Pricing.PrimaryIps.Where(address => address.Type == "ipv4")
                .SelectMany(address => address.Prices)
                .Select(price => new AddressPrice(price.Location, price.PriceHourly.Gross, price.PriceMonthly.Gross)),
        ];
    }

    public Task<IReadOnlyList<Location>> ListLocationsAsync(CancellationToken cancellationToken) =>
        ListAsync<LocationsPage, WireLocation, Location>(
            "/locations",
            "locations",
            HetznerJson.Default.LocationsPage,
            Mapping.ToLocation,
            cancellationToken
        );

    public Task<IReadOnlyList<HetznerImage>> ListImagesAsync(
        string name,
        CpuArchitecture architecture,
        CancellationToken cancellationToken
    ) =>
        ListAsync<ImagesPage, WireImage, HetznerImage>(
            "/images",
            // Deprecated images can still be ordered for months: the caller is told instead of being surprised.
            $"images?name={Uri.EscapeDataString(name)}&architecture={(architecture == CpuArchitecture.Arm ? "arm" : "x86")}"
                + "&include_deprecated=true",
            HetznerJson.Default.ImagesPage,
            Mapping.ToImage,
            cancellationToken
        );

    public Task<IReadOnlyList<SshKey>> ListSshKeysAsync(string? labelSelector, CancellationToken cancellationToken) =>
        ListAsync<SshKeysPage, WireSshKey, SshKey>(
            "/ssh_keys",
            labelSelector is null ? "ssh_keys" : $"ssh_keys?label_selector={Uri.EscapeDataString(labelSelector)}",
            HetznerJson.Default.SshKeysPage,
            Mapping.ToSshKey,
            cancellationToken
        );

    public async Task<SshKey> EnsureSshKeyAsync(
        string name,
        string publicKey,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var body = new CreateSshKeyBody(name, publicKey, labels);
            var post = HetznerRequest.Post("/ssh_keys", "ssh_keys", body, HetznerJson.Default.CreateSshKeyBody);
            return (await transport.SendAsync(post, HetznerJson.Default.SshKeyAnswer, cancellationToken)).SshKey.ToSshKey();
        }
        catch (HetznerException exception) when (exception.Code == HetznerCodes.UniquenessError)
        {
            var keys = await ListSshKeysAsync(labelSelector: null, cancellationToken);
            // The name alone proves nothing: adopting another key of that name would let a stranger in.
            if (keys.FirstOrDefault(key => KeyMaterial(key.PublicKey) == KeyMaterial(publicKey)) is { } stored)
            {
                return stored;
            }
            throw;
        }
    }

    public Task<DeleteOutcome> DeleteSshKeyAsync(long id, CancellationToken cancellationToken) =>
        DeleteAsync("/ssh_keys/{id}", $"ssh_keys/{id}", cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) =>
        transport.SendAsync(
            HetznerRequest.Get("/locations", "locations?per_page=1"),
            HetznerJson.Default.LocationsPage,
            cancellationToken
        );

    // Type and base64 text; the comment behind them is free.
    private static string KeyMaterial(string publicKey) =>
        string.Join(' ', publicKey.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2));
}

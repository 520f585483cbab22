using System.Globalization;

namespace Sam.Operator.Clients.Hetzner.Wire;

/// <summary>From the provider's words to ours.</summary>
internal static class Mapping
{
    public static Server ToServer(this WireServer wire) =>
        new(wire.Id, wire.Name, Named<ServerStatus>(wire.Status), wire.Created)
        {
            PublicIPv4 = wire.PublicNet.Ipv4?.Ip,
            PrimaryIPv4Id = wire.PublicNet.Ipv4?.Id,
            PublicIPv6 = wire.PublicNet.Ipv6?.Ip,
            PrivateIPv4 = wire.PrivateNet is [var joined, ..] ? joined.Ip : null,
            ServerType = wire.ServerType.Name,
            Location = wire.Location.Name,
            Image = wire.Image is { } image ? image.Name ?? image.Id.ToString(CultureInfo.InvariantCulture) : null,
            Locked = wire.Locked,
            DeleteProtected = wire.Protection.Delete,
            Labels = wire.Labels,
            Volumes = wire.Volumes ?? [],
            Firewalls = [.. (wire.PublicNet.Firewalls ?? []).Select(f => f.Id).OfType<long>()],
        };

    public static HetznerAction ToAction(this WireAction wire) =>
        new(wire.Id, wire.Command, Named<HetznerActionStatus>(wire.Status), wire.Progress, wire.Started)
        {
            Finished = wire.Finished,
            ErrorCode = wire.Error?.Code,
            ErrorMessage = wire.Error?.Message,
        };

    public static ServerType ToServerType(this WireServerType wire) =>
        new(wire.Id, wire.Name)
        {
            Description = wire.Description,
            Cores = (int)wire.Cores,
            MemoryGb = wire.Memory,
            DiskGb = (int)wire.Disk,
            Architecture = Named<CpuArchitecture>(wire.Architecture),
            DedicatedCpu = wire.CpuType == "dedicated",
            Deprecation = wire.Deprecation.ToDeprecation(),
            Prices =
            [
                .. wire.Prices.Select(p => new ServerTypePrice(
                    p.Location,
                    p.PriceHourly.Net,
                    p.PriceMonthly.Net,
                    p.PriceHourly.Gross,
                    p.PriceMonthly.Gross
                )),
            ],
            Locations =
            [
                .. (wire.Locations ?? []).Select(l => new ServerTypeLocation(
                    l.Name,
                    l.Available,
                    l.Recommended,
                    l.Deprecation.ToDeprecation()
                )),
            ],
        };

    public static Location ToLocation(this WireLocation wire) =>
        new(wire.Id, wire.Name, wire.Description, wire.Country, wire.City, wire.NetworkZone);

    public static HetznerImage ToImage(this WireImage wire) =>
        new(wire.Id, wire.Name)
        {
            Description = wire.Description,
            Architecture = Named<CpuArchitecture>(wire.Architecture),
            Type = wire.Type,
            Available = wire.Status == "available",
            Deprecated = wire.Deprecated,
        };

    public static SshKey ToSshKey(this WireSshKey wire) =>
        new(wire.Id, wire.Name, wire.Fingerprint, wire.PublicKey, wire.Created, wire.Labels);

    public static CreateServerBody ToBody(this CreateServerRequest request) =>
        new(
            request.Name,
            request.ServerType,
            request.Location,
            request.Image,
            StartAfterCreate: true,
            request.Labels,
            request.UserData,
            NullIfEmpty(request.SshKeys),
            NullIfEmpty(request.Volumes),
            NullIfEmpty(request.Networks),
            NullIfEmpty([.. request.Firewalls.Select(id => new FirewallBody(id))]),
            request.PlacementGroup,
            request is { EnableIPv4: true, EnableIPv6: true, PrimaryIPv4: null }
                ? null
                : new PublicNetBody(request.EnableIPv4, request.EnableIPv6, request.PrimaryIPv4)
        );

    // A word added by the provider later must not break the list it stands in.
    private static TEnum Named<TEnum>(string word)
        where TEnum : struct, Enum => Enum.TryParse<TEnum>(word, ignoreCase: true, out var value) ? value : default;

    private static Deprecation? ToDeprecation(this WireDeprecation? wire) =>
        wire is null ? null : new Deprecation(wire.Announced, wire.UnavailableAfter);

    private static IReadOnlyList<T>? NullIfEmpty<T>(IReadOnlyList<T> list) => list.Count == 0 ? null : list;
}

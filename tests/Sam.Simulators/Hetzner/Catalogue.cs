using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>What is for rent, with real-looking numbers.</summary>
internal static class Catalogue
{
    private static readonly string[] s_europe = ["fsn1", "nbg1", "hel1"];
    private static readonly string[] s_overseas = ["ash", "hil", "sin"];
    private static readonly string[] s_everywhere = [.. s_europe, .. s_overseas];
    private static readonly DateTimeOffset s_imageBuilt = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);

    public static readonly IReadOnlyList<SimLocation> Locations =
    [
        new(1, "fsn1", "Falkenstein DC Park 1", "DE", "Falkenstein", 50.47612, 12.370071, "eu-central", 4, 14),
        new(2, "nbg1", "Nuremberg DC Park 1", "DE", "Nuremberg", 49.452102, 11.076665, "eu-central", 2, 3),
        new(3, "hel1", "Helsinki DC Park 1", "FI", "Helsinki", 60.169855, 24.938379, "eu-central", 3, 2),
        new(4, "ash", "Ashburn, VA", "US", "Ashburn, VA", 39.045821, -77.487073, "us-east", 5, 1),
        new(5, "hil", "Hillsboro, OR", "US", "Hillsboro, OR", 45.54222, -122.951924, "us-west", 6, 1),
        new(6, "sin", "Singapore", "SG", "Singapore", 1.283333, 103.833333, "ap-southeast", 7, 1),
    ];

    public static readonly IReadOnlyList<SimServerType> Types =
    [
        new(114, "cx23", 2, 4, 40, "x86", "shared", 0.0056m, 3.49m, s_europe),
        new(115, "cx33", 4, 8, 80, "x86", "shared", 0.0088m, 5.49m, s_europe),
        new(116, "cx43", 8, 16, 160, "x86", "shared", 0.0152m, 9.49m, s_europe),
        new(117, "cx53", 16, 32, 320, "x86", "shared", 0.0280m, 17.49m, s_europe),
        new(45, "cax11", 2, 4, 40, "arm", "shared", 0.0064m, 3.99m, s_europe),
        new(93, "cax21", 4, 8, 80, "arm", "shared", 0.0112m, 6.99m, s_europe),
        new(94, "cax31", 8, 16, 160, "arm", "shared", 0.0208m, 12.99m, s_europe),
        new(95, "cax41", 16, 32, 320, "arm", "shared", 0.0408m, 25.49m, s_europe),
        new(22, "cpx11", 2, 2, 40, "x86", "shared", 0.0080m, 4.99m, s_overseas),
        new(23, "cpx21", 3, 4, 80, "x86", "shared", 0.0152m, 9.49m, s_overseas),
        new(24, "cpx31", 4, 8, 160, "x86", "shared", 0.0280m, 17.49m, s_overseas),
        new(109, "cpx22", 2, 4, 80, "x86", "shared", 0.0112m, 6.99m, s_europe),
        new(110, "cpx32", 4, 8, 160, "x86", "shared", 0.0192m, 11.99m, s_europe),
        new(111, "cpx42", 8, 16, 320, "x86", "shared", 0.0352m, 21.99m, s_europe),
        new(96, "ccx13", 2, 8, 80, "x86", "dedicated", 0.0224m, 13.99m, s_everywhere),
        new(97, "ccx23", 4, 16, 160, "x86", "dedicated", 0.0432m, 26.99m, s_everywhere),
        new(98, "ccx33", 8, 32, 240, "x86", "dedicated", 0.0848m, 52.99m, s_everywhere),
    ];

    public static readonly IReadOnlyList<SimImage> Images =
    [
        new(40093247, "docker-ce", "Docker CE", "app", "ubuntu", "24.04", "x86", s_imageBuilt),
        new(114690389, "docker-ce", "Docker CE", "app", "ubuntu", "24.04", "arm", s_imageBuilt),
        new(161547269, "ubuntu-24.04", "Ubuntu 24.04", "system", "ubuntu", "24.04", "x86", s_imageBuilt),
        new(161547270, "ubuntu-24.04", "Ubuntu 24.04", "system", "ubuntu", "24.04", "arm", s_imageBuilt),
        new(114690387, "debian-12", "Debian 12", "system", "debian", "12", "x86", s_imageBuilt),
        new(114690388, "debian-12", "Debian 12", "system", "debian", "12", "arm", s_imageBuilt),
        new(310557660, "debian-13", "Debian 13", "system", "debian", "13", "x86", s_imageBuilt),
    ];
}

internal sealed record SimLocation(
    long Id,
    string Name,
    string Description,
    string Country,
    string City,
    double Latitude,
    double Longitude,
    string NetworkZone,
    long DatacenterId,
    int DatacenterNumber
) : ISimThing
{
    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["description"] = Description,
            ["country"] = Country,
            ["city"] = City,
            ["latitude"] = Latitude,
            ["longitude"] = Longitude,
            ["network_zone"] = NetworkZone,
        };

    public JsonObject DatacenterJson()
    {
        var sold = Catalogue.Types.Where(type => type.SoldIn.Contains(Name)).ToList();
        JsonArray Ids() => [.. sold.Select(type => JsonValue.Create(type.Id))];
        return new()
        {
            ["id"] = DatacenterId,
            ["name"] = $"{Name}-dc{DatacenterNumber}",
            ["description"] = $"{City} DC {DatacenterNumber}",
            ["location"] = ToJson(),
            ["server_types"] = new JsonObject
            {
                ["supported"] = Ids(),
                ["available"] = Ids(),
                ["available_for_migration"] = Ids(),
            },
        };
    }
}

internal sealed record SimServerType(
    long Id,
    string Name,
    int Cores,
    int Memory,
    int Disk,
    string Architecture,
    string CpuType,
    decimal Hourly,
    decimal Monthly,
    string[] SoldIn
) : ISimThing
{
    public JsonArray PricesJson() =>
        [
            .. SoldIn.Select(location => new JsonObject
            {
                ["location"] = location,
                ["price_hourly"] = Money.Json(Hourly),
                ["price_monthly"] = Money.Json(Monthly),
                ["included_traffic"] = location is "ash" or "hil" or "sin" ? 1_099_511_627_776 : 21_990_232_555_520,
                ["price_per_tb_traffic"] = Money.Json(location == "sin" ? 7.4m : 1.0m),
            }),
        ];

    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["name"] = Name,
            ["description"] = Name.ToUpperInvariant(),
            ["cores"] = Cores,
            ["memory"] = Memory,
            ["disk"] = Disk,
            ["deprecated"] = false,
            ["prices"] = PricesJson(),
            ["storage_type"] = "local",
            ["cpu_type"] = CpuType,
            ["category"] = CpuType == "dedicated" ? "General Purpose" : "Cost-Optimized",
            ["architecture"] = Architecture,
            ["deprecation"] = null,
            ["locations"] = new JsonArray([
                .. Catalogue
                    .Locations.Where(location => SoldIn.Contains(location.Name))
                    .Select(location => new JsonObject
                    {
                        ["id"] = location.Id,
                        ["name"] = location.Name,
                        ["deprecation"] = null,
                        ["recommended"] = true,
                        ["available"] = true,
                    }),
            ]),
        };
}

internal sealed record SimImage(
    long Id,
    string Name,
    string Description,
    string Type,
    string Flavor,
    string Version,
    string Architecture,
    DateTimeOffset Built
) : ISimThing
{
    public JsonObject ToJson() =>
        new()
        {
            ["id"] = Id,
            ["type"] = Type,
            ["status"] = "available",
            ["name"] = Name,
            ["description"] = Description,
            ["image_size"] = null,
            ["disk_size"] = 5,
            ["created"] = Time.Text(Built),
            ["created_from"] = null,
            ["bound_to"] = null,
            ["os_flavor"] = Flavor,
            ["os_version"] = Version,
            ["rapid_deploy"] = true,
            ["protection"] = new JsonObject { ["delete"] = false },
            ["deprecated"] = null,
            ["deleted"] = null,
            ["labels"] = new JsonObject(),
            ["architecture"] = Architecture,
        };
}

internal static class Money
{
    // Net with the API's many digits; gross with German VAT.
    public static JsonObject Json(decimal net) =>
        new() { ["net"] = $"{net:0.0000000000}", ["gross"] = $"{net * 1.19m:0.0000000000}" };
}

internal static class Time
{
    public static string Text(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss}Z";
}

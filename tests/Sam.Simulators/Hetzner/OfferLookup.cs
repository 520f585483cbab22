using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>Finds what a create asks for in the catalogue, or says why it is not sold.</summary>
internal static class OfferLookup
{
    public static Answer? Offer(JsonObject body, out SimServerType type, out SimLocation location, out SimImage image)
    {
        var (typeWord, imageWord) = (CreateValidation.Word(body["server_type"]), CreateValidation.Word(body["image"]));
        var place = CreateValidation.Word(body["location"]);
        var datacenter = CreateValidation.Word(body["datacenter"]);
        type = Catalogue.Types.FirstOrDefault(t => CreateValidation.Names(typeWord, t.Id, t.Name))!;
        location = Catalogue.Locations.FirstOrDefault(l =>
            place.Length > 0
                ? CreateValidation.Names(place, l.Id, l.Name)
                : datacenter.Length == 0 || CreateValidation.Names(datacenter, l.DatacenterId, $"{l.Name}-dc{l.DatacenterNumber}")
        )!;
        var architecture = type?.Architecture;
        var named = Catalogue.Images.Where(i => CreateValidation.Names(imageWord, i.Id, i.Name)).ToList();
        image = named.Find(i => i.Architecture == architecture)!;
        return (type, location, named.Count, image) switch
        {
            (null, _, _, _) => Answer.Invalid("server_type", "server type not found"),
            (_, null, _, _) => Answer.Invalid(datacenter.Length > 0 ? "datacenter" : "location", "location not found"),
            (_, _, 0, _) => Answer.Invalid("image", "image not found"),
            (_, _, _, null) => Answer.Error(422, "invalid_input", "image architecture does not match the server type"),
            _ when !type.SoldIn.Contains(location.Name) => UnsupportedLocation(),
            _ => null,
        };
    }

    public static Answer LimitExceeded(string limit) =>
        Answer.Error(
            403,
            "resource_limit_exceeded",
            $"{limit.Replace('_', ' ')} exceeded",
            new JsonObject { ["limits"] = new JsonArray(new JsonObject { ["name"] = limit }) }
        );

    public static Answer UnsupportedLocation() => Answer.Error(422, "invalid_input", "unsupported location for server type");
}

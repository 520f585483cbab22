using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>`/volumes`.</summary>
internal sealed class VolumesApi(HetznerSimulatorOptions options, Func<long> nextId)
{
    private const int Smallest = 10;
    private const int Largest = 10_240;
    private const int MostPerServer = 16;

    public static Answer List(HetznerCall call)
    {
        var statuses = call.QueryAll("status");
        var volumes = call.Project.Volumes.Values.Where(_ => statuses.Count == 0 || statuses.Contains("available"));
        return call.Page("volumes", volumes.OrderBy(volume => volume.Id), volume => volume.ToJson());
    }

    public static Answer Get(HetznerCall call) => ResourceAnswers.One("volume", Of(call)?.ToJson());

    public Answer Create(HetznerCall call)
    {
        var project = call.Project;
        var wrong = ResourceAnswers.Wrong(
            call,
            project.Volumes.Values,
            0,
            "name",
            "size",
            "labels",
            "automount",
            "format",
            "location",
            "server"
        );
        if (wrong is not null)
            return wrong;
        var (name, size) = (CreateValidation.Word(call.Body["name"]), ResourceAnswers.Number(call, "size"));
        if (name.Length == 0)
            return Answer.Invalid("name", "Missing data for required field.");
        if (size is < Smallest or > Largest)
            return Answer.Invalid("size", $"must be between {Smallest} and {Largest}");
        if (CreateValidation.Word(call.Body["format"]) is { Length: > 0 } and not ("ext4" or "xfs"))
            return Answer.Invalid("format", "must be ext4 or xfs");
        if ((call.Body["server"] is null) == (call.Body["location"] is null))
            return Answer.Invalid("location", "give either a location or a server");
        var server = project.Servers.GetValueOrDefault(ResourceAnswers.Number(call, "server"));
        var place = CreateValidation.Word(call.Body["location"]);
        var location = server?.Location ?? Catalogue.Locations.FirstOrDefault(l => CreateValidation.Names(place, l.Id, l.Name));
        if (location is null)
            return Answer.Invalid(call.Body["server"] is null ? "location" : "server", "not found");
        if (Refused(call, server, location) is { } refused)
            return refused;
        var volume = new SimVolume(nextId(), name, (int)size, location, call.Body["format"]?.GetValue<string>(), project.Now)
        {
            Labels = SimLabels.Of(call.Body["labels"]),
            Server = server,
        };
        project.Volumes[volume.Id] = volume;
        project.Made("volume", name);
        var made = Act(call, volume, "create_volume", server);
        return Answer.Created(
            new JsonObject
            {
                ["volume"] = volume.ToJson(),
                ["action"] = made,
                ["next_actions"] = server is null ? [] : new JsonArray(Act(call, volume, "attach_volume", server)),
            }
        );
    }

    public static Answer Update(HetznerCall call)
    {
        if (Of(call) is not { } volume)
            return Answer.NotFound("volume");
        if (ResourceAnswers.Wrong(call, call.Project.Volumes.Values, volume.Id, "name", "labels") is { } wrong)
            return wrong;
        ResourceAnswers.Rename(call, name => volume.Name = name, labels => volume.Labels = labels);
        return ResourceAnswers.One("volume", volume.ToJson());
    }

    public static Answer Delete(HetznerCall call)
    {
        if (Of(call) is not { } volume)
            return Answer.NotFound("volume");
        if (volume.DeleteProtected)
            return Answer.Error(423, "protected", "volume deletion is protected");
        if (volume.Server is not null)
            return Answer.Error(409, "resource_in_use", "volume is attached to a server");
        call.Project.Volumes.Remove(volume.Id);
        return Answer.NoContent();
    }

    public Answer Attach(HetznerCall call)
    {
        if (Of(call) is not { } volume)
            return Answer.NotFound("volume");
        if (call.Project.Servers.GetValueOrDefault(ResourceAnswers.Number(call, "server")) is not { } server)
            return Answer.Invalid("server", "not found");
        if (volume.Server is not null)
            return Answer.Error(422, "volume_already_attached", "volume is already attached");
        if (volume.Location != server.Location)
            return Answer.Invalid("server", "server and volume are in different locations");
        if (Refused(call, server, volume.Location) is { } refused)
            return refused;
        volume.Server = server;
        return Answer.Created(new JsonObject { ["action"] = Act(call, volume, "attach_volume", server) });
    }

    public Answer Detach(HetznerCall call)
    {
        if (Of(call) is not { } volume)
            return Answer.NotFound("volume");
        if (volume.Server is not { } server)
            return Answer.Error(422, "invalid_input", "volume is not attached");
        volume.Server = null;
        return Answer.Created(new JsonObject { ["action"] = Act(call, volume, "detach_volume", server) });
    }

    public Answer Resize(HetznerCall call)
    {
        if (Of(call) is not { } volume)
            return Answer.NotFound("volume");
        var size = ResourceAnswers.Number(call, "size");
        if (size > Largest || size <= volume.Size)
            return Answer.Invalid("size", $"must be more than {volume.Size} and at most {Largest}");
        volume.Size = (int)size;
        return Answer.Created(new JsonObject { ["action"] = Act(call, volume, "resize_volume", null) });
    }

    public Answer Protect(HetznerCall call)
    {
        if (Of(call) is not { } volume)
            return Answer.NotFound("volume");
        volume.DeleteProtected = call.Body["delete"]?.GetValue<bool>() == true;
        return Answer.Created(new JsonObject { ["action"] = Act(call, volume, "change_protection", null) });
    }

    private static SimVolume? Of(HetznerCall call) => call.Project.Volumes.GetValueOrDefault(call.Id);

    private Answer? Refused(HetznerCall call, SimServer? server, SimLocation location)
    {
        if (call.Faults.Take(HetznerFaults.VolumeQuota) is not null)
            return Answer.Error(403, "resource_limit_exceeded", "volume limit exceeded");
        if (call.Faults.Take(HetznerFaults.NoSpace, fault => fault.FitsOffer("", location.Name)) is not null)
            return Answer.Error(412, "no_space_left_in_location", $"no space left in {location.Name}");
        if (server is null)
            return null;
        if (call.Faults.Take(HetznerFaults.AttachFails) is not null)
            return Answer.Error(423, "locked", "server is locked");
        return call.Project.Volumes.Values.Count(volume => volume.Server == server) >= MostPerServer
            ? Answer.Error(422, "invalid_input", "a server has at most 16 volumes")
            : null;
    }

    private JsonObject Act(HetznerCall call, SimVolume volume, string command, SimServer? server) =>
        call
            .Project.Begin(
                nextId(),
                command,
                server is null ? [("volume", volume.Id)] : [("volume", volume.Id), ("server", server.Id)],
                options.Delays.Attach
            )
            .ToJson(call.Project.Now);
}

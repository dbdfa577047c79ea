using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf.WellKnownTypes;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Apis;

/// <summary>APIs in the contract's messages.</summary>
internal static class ApiMessages
{
    public static V1.Api ToMessage(this ApiRow row)
    {
        var document = row.ToDocument();
        return new()
        {
            Id = document.Id.ToString(),
            TeamId = document.TeamId.ToString(),
            Slug = row.Slug,
            Name = row.Name,
            Description = row.Description,
            Kind = (V1.ApiKind)(int)row.Type,
            Visibility = (V1.Visibility)(int)row.Visibility,
            VisibleToTeamIds = { document.VisibleToTeamIds.Select(t => t.ToString()) },
            Category = row.Category,
            Tags = { row.Tags },
            Labels = { document.Labels.ToDictionary() },
            Etag = EntityTag.From(row.Version).ToString(),
            CreatedAt = row.CreatedAt.ToTimestamp(),
            UpdatedAt = row.UpdatedAt.ToTimestamp(),
        };
    }

    /// <exception cref="ApiProblemException">A team's id has another form.</exception>
    public static ApiInput ToInput(this V1.Api api) =>
        new()
        {
            Slug = api.Slug,
            Name = api.Name,
            Description = api.Description,
            Kind = api.Kind == V1.ApiKind.Unspecified ? ApiType.Rest : (ApiType)(int)api.Kind,
            Visibility =
                api.Visibility == V1.Visibility.Unspecified
                    ? Visibility.AllTeams
                    : (Visibility)(int)api.Visibility,
            VisibleToTeamIds = MessageIds.Read<TeamKind>(
                api.VisibleToTeamIds,
                "api.visible_to_team_ids"
            ),
            Category = api.Category,
            Tags = api.Tags,
            Labels = api.Labels,
        };
}

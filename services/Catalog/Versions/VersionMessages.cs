using ApiSvc.Catalog.Import;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Preconditions;
using Google.Protobuf.WellKnownTypes;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Versions;

/// <summary>Versions in the contract's messages.</summary>
internal static class VersionMessages
{
    public static V1.ApiVersion ToMessage(this VersionRow row) =>
        new()
        {
            Id = row.PublicId,
            ApiId = new Id<ApiKind>(row.ApiId).ToString(),
            Name = row.Name,
            State = (V1.VersionState)(int)row.State,
            BasePath = row.BasePath,
            Format = row.Format switch
            {
                SpecificationFormat.OpenApi31 => V1.SpecificationFormat.Openapi31,
                SpecificationFormat.OpenApi30 => V1.SpecificationFormat.Openapi30,
                SpecificationFormat.Swagger20 => V1.SpecificationFormat.Swagger20,
                _ => V1.SpecificationFormat.Unspecified,
            },
            OperationCount = (uint)row.OperationCount,
            PlanIds = { row.PlanIds.Select(p => new Id<PlanKind>(p).ToString()) },
            DeprecatedAt = row.DeprecatedAt?.ToTimestamp(),
            SunsetAt = row.SunsetAt?.ToTimestamp(),
            Etag = EntityTag.From(row.Version).ToString(),
            CreatedAt = row.CreatedAt.ToTimestamp(),
            UpdatedAt = row.UpdatedAt.ToTimestamp(),
        };
}

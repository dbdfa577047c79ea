using ApiSvc.Identity;
using ApiSvc.Identity.Keys;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;

var builder = WebApplication.CreateBuilder(args);

// Before the defaults, which otherwise read the issuer's keys over HTTP.
builder.Services.AddSigningKeys();
builder.AddServiceDefaults();
builder.AddServiceEndpoints(endpoints => endpoints.Additional.Add("https"));
builder.AddServiceDatabase("identitydb");
builder.AddIdentity();
builder.AddCatalogEvents();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapIdentity();
return await app.RunServiceAsync(args);

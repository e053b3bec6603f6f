#!/usr/bin/env bash
# Generates clients from /openapi.json by three generators, compiles them and runs them against the service.
# Needs Node.js 20 and npm; the packages come from npm and NuGet.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "${service:-}" 2> /dev/null || true; rm -rf "$work"' EXIT

dotnet publish "$here/../../src/Web" --configuration Release --output "$work/service" --verbosity quiet
export SERVICE=http://127.0.0.1:${PORT:-5081}
cd "$work"
DATABASE_URL=sqlite:///$work/users.db Access__AllowAnonymousOnLoopback=true dotnet service/UserCqrs.Web.dll --urls "$SERVICE" > service.log &
service=$!
for _ in $(seq 100); do curl -sf "$SERVICE/health/ready" > /dev/null && break; sleep 0.1; done
curl -sf "$SERVICE/openapi.json" > openapi.json

mkdir typescript
cd typescript
cp "$here"/generated-clients/*.ts .
cat > package.json << 'JSON'
{ "type": "module", "private": true }
JSON
npm install --silent --no-audit --no-fund typescript@5.9.3 tsx@4.23.15 @types/node@20 openapi-typescript@7.13.0 openapi-fetch@0.17.0 @hey-api/openapi-ts@0.95.0
npx openapi-typescript ../openapi.json --output schema.ts > /dev/null
npx openapi-ts --input ../openapi.json --output hey --silent
npx tsc --strict --noEmit --target es2022 --module esnext --moduleResolution bundler --skipLibCheck ./*.ts
npx tsx openapi-fetch.ts
npx tsx hey-api.ts
cd ..

dotnet tool install NSwag.ConsoleCore --version 14.7.1 --tool-path tools > /dev/null
mkdir nswag
./tools/nswag openapi2csclient /input:openapi.json /output:nswag/Client.cs /namespace:Users /classname:UsersClient > nswag.log
cp "$here/generated-clients/NSwag.cs" nswag/Program.cs
cat > nswag/Client.csproj << 'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <!-- NSwag with System.Text.Json neither reads enumerations by their values nor leaves out members of a merge patch. -->
  <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="13.0.4" /></ItemGroup>
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
</Project>
XML
dotnet run --project nswag
echo 'All clients work.'

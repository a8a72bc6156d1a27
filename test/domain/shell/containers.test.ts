import { tableOf } from './notation.ts';

// biome-ignore format: one line a case.
tableOf('docker and its kin: the folders they are given to write', [
  ['docker run -v ../w2:/w x', '/w/w1/../w2/~ | ?program'],
  ['docker run --rm -itv ../w2:/w x', '/w/w1/../w2/~ | ?program'],
  ['docker run -v=/w/w2:/w x', '/w/w2/~ | ?program'],
  ['docker run --volume=/w/w2:/w:Z x', '/w/w2/~ | ?program'],
  ['docker container run --volume /w/w2:/w x', '/w/w2/~ | ?program'],
  ['docker run --mount type=bind,source=/w/w2,target=/w x', '/w/w2/~ | ?program'],
  ['docker run --mount type=bind,src=/w/w2,dst=/w,readonly x', '?program'],
  ['docker run -v ../w2:/w:ro x', '?program'],
  ['docker run -v /w/w2:/w:z,ro x', '?program'],
  ['docker run -v modules:/w x', '?program'],
  ['docker --context c run -v ../w2:/w x', '/w/w1/../w2/~ | ?program'],
  ['podman run -v "$PWD":/w x', '/w/w1/~ | ?program'],
  ['docker run -v $X:/w x', '?program | ?variable'],
  ['docker cp c:/x ../w2/f', '/w/w1/../w2/f | ?program'],
  ['docker cp f c:/x', '?program'],
  ['docker cp c:/x -', '?program'],
  ['docker ps -a', ''],
  ['docker container ls', ''],
  ['docker compose ps', ''],
  ['docker compose up -d', '?program'],
  ['docker exec c rm ../w2/f', '?program'],
  ['docker-compose run -v ../w2:/w x', '/w/w1/../w2/~ | ?program'],
  ['docker', ''],
]);
